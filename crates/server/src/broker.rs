//! A NATS server of one's own, as Debian has it, on a free port of the loopback interface, with a
//! store of its own: for tests, and for measuring. It does not outlive whoever began it.

use std::{
    fs, io,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// It listens within this time, or never.
const WITHIN: Duration = Duration::from_secs(20);
/// Where Debian puts it, which is where only root looks.
const DEBIAN: &str = "/usr/sbin/nats-server";

/// A NATS server with JetStream.
pub(crate) struct Broker {
    child: Child,
    folder: TempDir,
    port: u16,
}

impl Broker {
    /// A new one, which stores what it is given in a folder.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where this machine has none; another where it does not listen.
    pub(crate) fn found(folder: TempDir) -> io::Result<Self> {
        let mut broker = Self { child: started(folder.path(), "-1")?, folder, port: 0 };
        broker.listen()?;
        Ok(broker)
    }

    /// One for a test, which cannot do without.
    #[cfg(test)]
    pub(crate) fn for_test() -> Self {
        let folder = TempDir::with_prefix("nats-").unwrap();
        Self::found(folder).expect("a nats-server; run `make setup`")
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Ends it at once, as a crash does.
    pub(crate) fn kill(&mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }

    /// Starts it again, with what it has stored, after it was killed.
    #[cfg(test)]
    pub(crate) fn start(&mut self) -> io::Result<()> {
        self.child = started(self.folder.path(), &self.port.to_string())?;
        self.listen()
    }

    /// Waits until it listens, and notes where.
    fn listen(&mut self) -> io::Result<()> {
        let ports = self.folder.path().join(format!("nats-server_{}.ports", self.child.id()));
        let since = Instant::now();
        while since.elapsed() < WITHIN {
            // A file that is being written is read again.
            if let Some(port) = port_in(&fs::read_to_string(&ports).unwrap_or_default()) {
                self.port = port;
                return Ok(());
            }
            sleep(Duration::from_millis(20));
        }
        Err(io::Error::other("nats-server does not listen"))
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        // One that was killed already cannot be killed again, and need not be.
        self.kill().ok();
    }
}

/// The port that it says it listens at.
fn port_in(said: &str) -> Option<u16> {
    let said: Value = serde_json::from_str(said).ok()?;
    let (_, port) = said.pointer("/nats/0")?.as_str()?.rsplit_once(':')?;
    port.parse().ok()
}

fn started(folder: &Path, port: &str) -> io::Result<Child> {
    let here = Path::new(DEBIAN);
    let mut command = Command::new(if here.exists() { here } else { Path::new("nats-server") });
    command.args(["-js", "-a", "127.0.0.1", "-p", port, "-sd"]).arg(folder.join("store"));
    command.arg("--ports_file_dir").arg(folder);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()
}
