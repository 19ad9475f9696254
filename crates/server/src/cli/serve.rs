//! `yiyang serve` and `yiyang demo`: the pages of a city over HTTP.

use std::{
    fs,
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use base::{Language, Text};
use clap::Args;
use kernel::Actor;
use replay::plan::{Coverage, played};
use store::Store;
use tokio::{net::TcpListener, signal};

use super::{Call, Ended, Stopped, door::Entrance, feeds::Feeds, pack::load_named};
use crate::{
    city::{self, Place},
    library::Packs as Library,
    seed,
    web::{
        self, App, Clock, Documents, Door, Feeder, Judging, Mail, Origin, Outside, Scanner, Sender,
        Served, Taking, Telling,
    },
};
use ::pack::{Compiled, language::scenario::Scenario, model::Pack};

/// How a city is served.
#[derive(Debug, Args)]
pub(crate) struct Serving {
    /// The address to listen at.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The folder for the database, papers and keys.
    #[arg(long, default_value = "var")]
    data: PathBuf,
    /// The database, `sqlite:PATH` or `postgres://…`; one inside the folder when absent.
    #[arg(long, env = "YIYANG_DATABASE")]
    database: Option<String>,
    /// The pack's folder or name; the first city with a demonstration when absent.
    #[arg(long, env = "YIYANG_PACK")]
    pack: Option<String>,
    /// A program that looks at each file that is sent: it is given the path, and ends with 0 where
    /// the file is clean and 1 where it is not; other ends mean that nobody knows, and the file is
    /// not taken.
    #[arg(long, env = "YIYANG_SCAN_WITH", value_name = "PROGRAM")]
    scan_with: Option<PathBuf>,
    /// How many requests a second a program may make with one token, in the long run.
    #[arg(long, env = "YIYANG_PROGRAM_RATE", default_value_t = web::A_SECOND, value_name = "N")]
    program_rate: NonZeroU32,
    /// Put the pack given in force although officers have published another on the pages.
    #[arg(long)]
    adopt: bool,
    #[command(flatten)]
    entrance: Entrance,
    #[command(flatten)]
    messages: Messages,
    #[command(flatten)]
    feeds: Feeds,
}

/// How people are told outside the portal.
#[derive(Debug, Args)]
pub(crate) struct Messages {
    /// The mail server, `smtps://USER:PASSWORD@HOST` or `smtp://…`; no e-mail is sent when absent.
    #[arg(long, env = "YIYANG_SMTP")]
    smtp: Option<String>,
    /// Who sends e-mail, `Name <address>`.
    #[arg(long, env = "YIYANG_MAIL_FROM", requires = "smtp")]
    mail_from: Option<String>,
    /// Let webhooks be called at private and loopback addresses, and without TLS.
    #[arg(long)]
    private_hooks: bool,
}

/// How a demonstration is filled, and when it is shown.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    serving: Serving,
    /// How much happens: 1 is 3,000 cases over two years.
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// Serve the city as it stands so many days from now, so that terms run out before one's eyes.
    /// A folder is served with no fewer days later: what was done in it lies that far ahead.
    #[arg(long, default_value_t = 0, value_name = "N")]
    days_ahead: u16,
}

impl Demo {
    /// The moments it lives in; only an invented city may have others than the machine's.
    fn clock(demo: Option<&Self>) -> Clock {
        demo.map_or(Clock::System, |demo| Clock::Ahead { days: demo.days_ahead })
    }
}

/// Serves a city without inventing anything.
pub(crate) fn serve(call: &Call, serving: &Serving) -> Ended {
    runtime()?.block_on(run(call, serving, None))
}

/// Serves an invented city, filled when its database is new; on this machine only.
pub(crate) fn demo(call: &Call, demo: &Demo) -> Ended {
    if !demo.serving.listen.ip().is_loopback() {
        let says = "in a demonstration people sign in without proof: listen at 127.0.0.1 only";
        return Err(Stopped(says.to_owned()));
    }
    runtime()?.block_on(run(call, &demo.serving, Some(demo)))
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

async fn run(call: &Call, serving: &Serving, demo: Option<&Demo>) -> Ended {
    let listener = TcpListener::bind(serving.listen)
        .await
        .map_err(|error| Stopped(format!("cannot listen at {}: {error}", serving.listen)))?;
    let (library, name) = chosen(call, serving)?;
    let Some(given) = load_named(call, &library, &name) else { return Ok(false) };
    let place = Place::new(&serving.data, serving.database.clone())?;
    let address = listener.local_addr()?;
    let door = Arc::new(serving.entrance.door(address)?);
    let origin = serving.entrance.origin(address)?;
    let (outside, mail) = serving.messages.settled(&origin)?;
    let documents = Documents::at(origin);
    let ways = (door, outside, documents);
    let store = place.open(&jurisdiction(&given)?).await?;
    let (compiled, published) = match serving.adopt {
        true => (given, false),
        false => kept_to(call, &store, given, Demo::clock(demo).now()).await?,
    };
    let mut app = open((&place, store), &library, compiled, (ways, demo)).await?;
    app.change().scanner = Scanner(serving.scan_with.clone());
    app.change().rates = Arc::new(web::Rates::of(serving.program_rate));
    app.change().taking = taking(&place, &app.packs.live, call.language)?;
    if app.taking.is_some() {
        let judging = Judging::open(&place.scratch()).map_err(|why| Stopped(why.to_string()))?;
        app.change().judging = Some(judging);
    }
    if let Some(demo) = demo {
        fill(&app, &library, demo.scale, &serving.data, call.language).await?;
    }
    let stop = asked_to_stop()?;
    eprintln!("{}: http://{address}", app.packs.live.title.to(call.language));
    match published {
        true => tell_kept(&app),
        false => tell(&app, library),
    }
    web::resume(&app).await.map_err(|error| Stopped(error.to_string()))?;
    tokio::spawn(keep_time(app.clone()));
    tokio::spawn(keep_clean(app.clone()));
    tokio::spawn(sender(&app, mail)?.run());
    tokio::spawn(Feeder::new(app.clone()).map_err(Stopped)?.run());
    tokio::spawn(web::gather(app.clone()));
    tokio::spawn(web::judge(app.clone()));
    tokio::spawn(web::watch(app.clone(), place.drop()?));
    if let Some(nats) = serving.feeds.nats() {
        tokio::spawn(web::subscribe(app.clone(), nats));
    }
    let service = web::router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await?;
    Ok(true)
}

/// The lake, unless another server has it open; that is said.
fn taking(place: &Place, pack: &Pack, language: Language) -> Result<Option<Taking>, Stopped> {
    let key = lake::PersonKey::from_bytes(place.secret("persons")?);
    let taking = Taking::open(&place.lake(), pack, key).map_err(|fault| {
        Stopped(format!("the lake did not open: {}", web::told_of_lake(&fault)))
    })?;
    if taking.is_none() {
        let says = Text::new(
            "数据由已打开此文件夹的另一台服务器收取；本服务器不收。",
            "another server has the lake in this folder open; this one takes in no rows.",
        );
        eprintln!("{}", says.to(language));
    }
    Ok(taking)
}

/// The pack named by its folder or its name, or the first city that has a demonstration.
fn chosen(call: &Call, serving: &Serving) -> Result<(Library, String), Stopped> {
    if let Some(named) = &serving.pack {
        let folder = PathBuf::from(named);
        let is_folder = folder.join("pack.yaml").is_file();
        return Ok(if is_folder {
            Library::beside(&folder)
        } else {
            (call.packs.clone(), named.clone())
        });
    }
    let names = call.packs.names();
    let shown = |name: &String| call.packs.text(name, "demo/people.csv").is_some();
    let found = names.into_iter().find(shown);
    let found = found.ok_or_else(|| Stopped("no pack has a demonstration; name one".into()))?;
    Ok((call.packs.clone(), found))
}

/// What is served: the pack given, unless officers have published another; that is said.
async fn kept_to(
    call: &Call,
    store: &Store,
    given: Compiled,
    now: base::Instant,
) -> Result<(Compiled, bool), Stopped> {
    let folder = given.pack.hash;
    let (compiled, published) = city::to_serve(store, given, now).await?;
    if published {
        let says = published_instead(&compiled.pack.hash.to_string(), &folder.to_string());
        eprintln!("{}", says.to(call.language));
    }
    Ok((compiled, published))
}

fn published_instead(published: &str, given: &str) -> Text {
    let short = |hash: &str| hash.chars().take(12).collect::<String>();
    let (published, given) = (short(published), short(given));
    Text::new(
        format!(
            "施行的是网页上发布的 {published} 版，不是所给文件夹的 {given} 版。\
             要启用文件夹的版本：在网页上上传并发布，或以 `--adopt` 启动一次。"
        ),
        format!(
            "in force is edition {published}, which was published on the pages, and not {given} of \
             the folder given. To put that one in force, upload and publish it there, or start \
             once with `--adopt`."
        ),
    )
}

fn jurisdiction(compiled: &Compiled) -> Result<base::Division, Stopped> {
    let name = &compiled.pack.name;
    let nowhere = || Stopped(format!("`{name}` has no jurisdiction; serve a city's pack"));
    compiled.pack.jurisdiction.clone().ok_or_else(nowhere)
}

/// By which ways what is served is reached, and reaches others.
type Doors = (Arc<Door>, Outside, Arc<Documents>);

async fn open(
    (place, store): (&Place, Store),
    library: &Library,
    compiled: Compiled,
    ((door, outside, documents), demo): (Doors, Option<&Demo>),
) -> Result<App, Stopped> {
    let (clock, demo) = (Demo::clock(demo), demo.is_some());
    let since = if demo { first_moment(&compiled.pack) } else { clock.now() };
    let packs = city::packs(&store, compiled, Actor::Clock, since).await?;
    let people =
        if demo { city::people(library, packs.live.name.as_str()) } else { <_>::default() };
    Ok(App::of(Served {
        store,
        packs,
        clock,
        people: Arc::new(people),
        papers: place.papers(),
        scanner: Scanner::default(),
        secret: place.secret("session")?,
        told: Arc::default(),
        documents,
        outside: Arc::new(outside),
        demo,
        door,
        rates: Arc::default(),
        in_force: <_>::default(),
        workshop: Arc::default(),
        drafting: Arc::default(),
        taking: None,
        judging: None,
    }))
}

impl Messages {
    /// What is said of sending, and the way to the mail server, where one is named.
    fn settled(&self, origin: &Origin) -> Result<(Outside, Option<Mail>), Stopped> {
        let mail = match (&self.smtp, &self.mail_from) {
            (Some(server), Some(from)) => Some(Mail::new(server, from).map_err(Stopped)?),
            (Some(_), None) => {
                return Err(Stopped("`--smtp` needs `--mail-from`, who sends".to_owned()));
            }
            (None, _) => None,
        };
        let portal = origin.to("");
        let (private_hooks, mailed) = (self.private_hooks, mail.is_some());
        Ok((Outside { portal, mail: mailed, private_hooks }, mail))
    }
}

fn sender(app: &App, mail: Option<Mail>) -> Result<Sender, Stopped> {
    let (store, clock) = (app.store.clone(), app.clock.clone());
    let (outside, site) = ((*app.outside).clone(), app.packs.live.title.clone());
    Sender::new(store, clock, outside, mail, site).map_err(Stopped)
}

/// The story of a demonstration begins on the pack's first day.
fn first_moment(pack: &Pack) -> base::Instant {
    pack.zone.start_of(pack.in_force)
}

/// Fills a database that holds nothing but the pack. A filling draws its acts from how cases stood
/// when each was drawn, so one that was stopped cannot be taken up again; a mark in the folder
/// outlives it, and whoever starts the city next is told.
async fn fill(
    app: &App,
    library: &Library,
    scale: f64,
    folder: &Path,
    language: Language,
) -> Result<(), Stopped> {
    let head = app.store.head().await.map_err(|error| Stopped(error.to_string()))?;
    let mark = folder.join("filling");
    if head.0 > 1 {
        if mark.exists() {
            eprintln!("yiyang: {}", filled_in_part(folder).to(language));
        }
        return Ok(());
    }
    fs::write(&mark, [])?;
    seed::keep_papers(&app.packs.live, &app.papers).await?;
    let (count, now) = (seed::cases(scale), app.clock.now());
    seed::seed(&app.store, &app.packs.live, library, &app.people, count, now).await?;
    Ok(fs::remove_file(&mark)?)
}

fn filled_in_part(folder: &Path) -> Text {
    let folder = folder.display();
    Text::new(
        format!(
            "上次启动被中断，演示城市只填充了一部分；已有内容完整可用。如要重新填充：停止本程序，\
             删除 `{folder}`（数据库在别处的，一并清空），再次启动。"
        ),
        format!(
            "an earlier start was stopped, so the invented city is filled only in part; what is \
             there is sound. To begin anew, stop this program, delete `{folder}` (and empty the \
             database if it is elsewhere), and start again."
        ),
    )
}

/// Plays the stories of the pack in force once, beside the serving: no request waits for them.
fn tell(app: &App, library: Library) {
    let (pack, told) = (app.packs.live.clone(), app.told.clone());
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        told.get_or_init(|| runtime.block_on(telling(&library, &pack)));
    });
}

/// Plays the stories that are kept with the pack in force.
fn tell_kept(app: &App) {
    let app = app.clone();
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        app.told.get_or_init(|| runtime.block_on(telling_kept(&app)));
    });
}

async fn telling_kept(app: &App) -> Telling {
    let stories = web::stories_of(app, &app.packs.live).await.unwrap_or_default();
    told(&app.packs.live, &stories).await
}

async fn telling(library: &Library, pack: &Pack) -> Telling {
    let stories = ::pack::scenarios(library, pack.name.as_str()).unwrap_or_default();
    told(pack, &stories).await
}

async fn told(pack: &Pack, stories: &[(String, Scenario)]) -> Telling {
    if stories.is_empty() {
        return Telling::NotAtHand;
    }
    let played = played(pack, stories.iter().map(|(_, story)| story)).await;
    Telling::Played(Coverage::of(&[(pack, &played)]))
}

/// Lets what has run out take effect, each second.
async fn keep_time(app: App) {
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    let mut told = app.packs.live.hash;
    loop {
        ticks.tick().await;
        // What is published may have been so on another node.
        if let Err(error) = web::prepare(&app).await {
            eprintln!("yiyang: what is published cannot be adopted: {error}");
        }
        if let Err(error) = app.store.advance(app.clock.now()).await {
            eprintln!("yiyang: clocks stand still: {}", error.says().en);
        }
        if let Err(error) = web::follow(&app).await {
            eprintln!("yiyang: the pack in force is not served: {error}");
        }
        let now = app.now();
        if now.packs.live.hash != told {
            told = now.packs.live.hash;
            tell_kept(&now);
        }
    }
}

/// Removes what nobody took up again, each hour.
async fn keep_clean(app: App) {
    let mut ticks = tokio::time::interval(Duration::from_secs(3600));
    loop {
        ticks.tick().await;
        web::sweep(&app).await;
        app.rates.forget();
    }
}

/// Ends when somebody asks the program to stop. Whoever terminates it from now on is heard, even
/// before anything waits for the end.
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminated = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    #[cfg(unix)]
    let terminated = async move { terminated.recv().await };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<Option<()>>();
    Ok(async move {
        tokio::select! {
            _ = signal::ctrl_c() => {}
            _ = terminated => {}
        }
    })
}
