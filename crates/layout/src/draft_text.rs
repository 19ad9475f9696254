//! How a draft is written.

use base::Name;

use crate::{
    draft::{Draft, Found, Pick, Served},
    fault::Fault,
    proof::{Leaf, Node, Prices, Proof, Split, Tree},
    terms::{Goal, Phase, Terms},
    text::{line, lines, number, same},
};

/// The first line.
const HEAD: &str = "layout draft 1";
/// Stands where a site stays as it is, and where a course is taken in any year.
const NONE: &str = "-";

impl Draft {
    /// The draft as it is published, in UTF-8.
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}\n");
        line(&mut text, &[&"survey", &self.survey]);
        write_terms(&mut text, &self.found.terms);
        line(&mut text, &[&"rounds", &self.found.rounds]);
        line(&mut text, &[&"value", &self.value]);
        line(&mut text, &[&"bound", &self.bound]);
        for own in &self.found.picks {
            line(&mut text, &[&"pick", &own.site, &own.course, &own.year]);
        }
        for own in &self.found.served {
            line(&mut text, &[&"served", &own.year, &own.area, &own.site, &own.places]);
        }
        write_proof(&mut text, &self.found.proof);
        text
    }

    /// A draft as it was published; it is not verified by that.
    ///
    /// # Errors
    /// [`Fault::NotALine`] with the number of the first line that is none, or that is not in its
    /// one order.
    pub fn read(text: &str) -> Result<Self, Vec<Fault>> {
        let mut read = Read::default();
        for (words, number) in lines(text, HEAD, Fault::NotADraft)? {
            let taken =
                read.head(&words).or_else(|| read.plan(&words)).or_else(|| read.proof(&words));
            taken.ok_or_else(|| vec![Fault::NotALine(number)])?;
        }
        // What is missing at the head shows where it should stand.
        let draft = read.draft().ok_or_else(|| vec![Fault::NotALine(2)])?.sorted();
        same(&draft.text(), text)?;
        Ok(draft)
    }
}

fn write_terms(text: &mut String, terms: &Terms) {
    line(text, &[&"goal", &terms.goal.word()]);
    line(text, &[&"reach", &terms.reach]);
    for own in &terms.phases {
        line(text, &[&"phase", &own.year, &own.budget]);
    }
    line(text, &[&"until", &terms.until]);
    let highest = if terms.worst { "highest" } else { "given" };
    line(text, &[&"floor", &terms.floor, &highest]);
    for (site, course) in &terms.forced {
        line(text, &[&"forced", site, course]);
    }
    for site in &terms.barred {
        line(text, &[&"barred", site]);
    }
    line(text, &[&"seed", &terms.seed]);
}

fn write_proof(text: &mut String, proof: &Proof) {
    write_tree(text, &proof.bound);
    if let Some((ceiling, tree)) = &proof.ceiling {
        line(text, &[&"ceiling", ceiling]);
        write_tree(text, tree);
    }
    for (set, prices) in proof.prices.iter().enumerate() {
        for ((year, area), price) in &prices.places {
            line(text, &[&"price", &set, year, area, price]);
        }
        for (year, price) in &prices.money {
            line(text, &[&"money", &set, year, price]);
        }
        for (area, price) in &prices.lifts {
            line(text, &[&"lift", &set, area, price]);
        }
    }
}

fn write_tree(text: &mut String, tree: &Tree) {
    let none = || NONE.to_owned();
    for node in tree {
        match node {
            Node::Split(Split { site, course, year }) => {
                let course = course.as_ref().map_or_else(none, Name::to_string);
                let year = year.map_or_else(none, |year| year.to_string());
                line(text, &[&"split", site, &course, &year]);
            }
            Node::Leaf(Leaf::Bound(set)) => line(text, &[&"case", &"bound", set]),
            Node::Leaf(Leaf::Impossible(set)) => line(text, &[&"case", &"impossible", set]),
        }
    }
}

/// What was read so far.
#[derive(Default)]
struct Read {
    survey: Option<String>,
    goal: Option<Goal>,
    reach: Option<u64>,
    phases: Vec<Phase>,
    until: Option<u16>,
    floor: Option<(u16, bool)>,
    forced: Vec<(String, Name)>,
    barred: Vec<String>,
    seed: Option<u64>,
    rounds: Option<u64>,
    value: Option<i64>,
    bound: Option<i64>,
    picks: Vec<Pick>,
    served: Vec<Served>,
    proof: Proof,
}

impl Read {
    /// What a line at the head says.
    fn head(&mut self, words: &[&str]) -> Option<()> {
        match *words {
            ["survey", digest] => self.survey = Some(digest.to_owned()),
            ["goal", goal] => self.goal = Some(Goal::of(goal)?),
            ["reach", reach] => self.reach = Some(number(reach)?),
            ["phase", year, budget] => {
                self.phases.push(Phase { year: number(year)?, budget: number(budget)? });
            }
            ["until", year] => self.until = Some(number(year)?),
            ["floor", floor, "given"] => self.floor = Some((number(floor)?, false)),
            ["floor", floor, "highest"] => self.floor = Some((number(floor)?, true)),
            ["forced", site, course] => {
                self.forced.push((site.to_owned(), Name::new(course).ok()?));
            }
            ["barred", site] => self.barred.push(site.to_owned()),
            ["seed", seed] => self.seed = Some(number(seed)?),
            ["rounds", rounds] => self.rounds = Some(number(rounds)?),
            ["value", value] => self.value = Some(number(value)?),
            ["bound", bound] => self.bound = Some(number(bound)?),
            _ => return None,
        }
        Some(())
    }

    /// What a line of the plan says.
    fn plan(&mut self, words: &[&str]) -> Option<()> {
        match *words {
            ["pick", site, course, year] => self.picks.push(Pick {
                site: site.to_owned(),
                course: Name::new(course).ok()?,
                year: number(year)?,
            }),
            ["served", year, area, site, places] => self.served.push(Served {
                year: number(year)?,
                area: area.to_owned(),
                site: site.to_owned(),
                places: number(places).filter(|places| *places > 0)?,
            }),
            _ => return None,
        }
        Some(())
    }

    /// What a line of the proof says.
    fn proof(&mut self, words: &[&str]) -> Option<()> {
        match *words {
            ["split", site, course, year] => {
                let course = if course == NONE { None } else { Some(Name::new(course).ok()?) };
                let year = if year == NONE { None } else { Some(number(year)?) };
                self.tree().push(Node::Split(Split { site: site.to_owned(), course, year }));
            }
            ["case", "bound", set] => {
                let set = self.set(set)?;
                self.tree().push(Node::Leaf(Leaf::Bound(set)));
            }
            ["case", "impossible", set] => {
                let set = self.set(set)?;
                self.tree().push(Node::Leaf(Leaf::Impossible(set)));
            }
            ["ceiling", floor] if self.proof.ceiling.is_none() => {
                self.proof.ceiling = Some((number(floor)?, Tree::new()));
            }
            _ => return self.prices(words),
        }
        Some(())
    }

    fn prices(&mut self, words: &[&str]) -> Option<()> {
        let price = |text: &str| number(text).filter(|price: &u64| *price > 0);
        let known = match *words {
            ["price", set, year, area, amount] => {
                self.own(set)?.places.insert((number(year)?, area.to_owned()), price(amount)?)
            }
            ["money", set, year, amount] => {
                self.own(set)?.money.insert(number(year)?, price(amount)?)
            }
            ["lift", set, area, amount] => {
                self.own(set)?.lifts.insert(area.to_owned(), price(amount)?)
            }
            _ => return None,
        };
        if known.is_none() { Some(()) } else { None }
    }

    fn tree(&mut self) -> &mut Tree {
        match &mut self.proof.ceiling {
            Some((_, tree)) => tree,
            None => &mut self.proof.bound,
        }
    }

    /// A set of prices that a case names: one that was named before, or the next.
    fn set(&mut self, text: &str) -> Option<usize> {
        let set = number(text).filter(|set| *set <= self.proof.prices.len())?;
        if set == self.proof.prices.len() {
            self.proof.prices.push(Prices::default());
        }
        Some(set)
    }

    fn own(&mut self, set: &str) -> Option<&mut Prices> {
        self.proof.prices.get_mut(number::<usize>(set)?)
    }

    fn draft(self) -> Option<Draft> {
        let (floor, worst) = self.floor?;
        let terms = Terms {
            goal: self.goal?,
            reach: self.reach?,
            phases: self.phases,
            until: self.until?,
            floor,
            worst,
            forced: self.forced,
            barred: self.barred,
            seed: self.seed?,
        };
        let (picks, served, proof) = (self.picks, self.served, self.proof);
        Some(Draft {
            survey: self.survey?,
            found: Found { terms, picks, served, proof, rounds: self.rounds? },
            value: self.value?,
            bound: self.bound?,
        })
    }
}
