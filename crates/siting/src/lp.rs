//! Linear programs that grow row by row and are solved again from where they were, by HiGHS.

use highs::{Col, HighsModelStatus, Model, RowProblem, Sense};

/// A linear program.
#[derive(Debug)]
pub(crate) struct Program {
    /// Absent only while it is being solved, and after HiGHS has failed.
    model: Option<Model>,
    columns: Vec<Col>,
}

/// The best there is.
#[derive(Debug, Clone)]
pub(crate) struct Solved {
    pub(crate) value: f64,
    /// What each column is.
    pub(crate) columns: Vec<f64>,
    /// What each row is worth: its dual.
    pub(crate) duals: Vec<f64>,
}

/// Why there is no best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unsolved {
    /// Nothing meets all rows.
    Infeasible,
    /// It was stopped, or HiGHS gave up.
    Stopped,
}

impl Program {
    /// A program whose columns have a cost and lie between two numbers; the least cost is sought.
    pub(crate) fn least(columns: impl IntoIterator<Item = (f64, f64, f64)>) -> Self {
        Self::new(columns, Sense::Minimise)
    }

    /// The same, and the most is sought.
    pub(crate) fn most(columns: impl IntoIterator<Item = (f64, f64, f64)>) -> Self {
        Self::new(columns, Sense::Maximise)
    }

    fn new(columns: impl IntoIterator<Item = (f64, f64, f64)>, sense: Sense) -> Self {
        let mut problem = RowProblem::new();
        let add = |(cost, low, high)| problem.add_column(cost, low..=high);
        let columns = columns.into_iter().map(add).collect();
        let mut model = problem.optimise(sense);
        model.make_quiet();
        model.set_option("threads", 1);
        Self { model: Some(model), columns }
    }

    /// An option of HiGHS, such as `solver` or `presolve`.
    pub(crate) fn set(&mut self, option: &str, value: &str) {
        if let Some(model) = &mut self.model {
            model.set_option(option, value);
        }
    }

    /// How many seconds HiGHS may take from now on, over all its runs.
    pub(crate) fn seconds(&mut self, seconds: f64) {
        if let Some(model) = &mut self.model {
            model.set_option("time_limit", seconds);
        }
    }

    /// Adds a row: the sum of terms lies between two numbers.
    pub(crate) fn row(
        &mut self,
        low: f64,
        high: f64,
        terms: impl IntoIterator<Item = (usize, f64)>,
    ) {
        let terms = terms.into_iter().map(|(column, factor)| (self.columns[column], factor));
        if let Some(model) = &mut self.model {
            model.add_row(low..=high, terms.collect::<Vec<_>>());
        }
    }

    /// Lets a column lie between two other numbers.
    pub(crate) fn within(&mut self, column: usize, low: f64, high: f64) {
        if let Some(model) = &mut self.model {
            model.change_column_bounds(self.columns[column], low..=high);
        }
    }

    /// Solves it, from the basis of the time before.
    pub(crate) fn solve(&mut self) -> Result<Solved, Unsolved> {
        let model = self.model.take().ok_or(Unsolved::Stopped)?;
        let solved = model.try_solve().map_err(|_| Unsolved::Stopped)?;
        let (status, value) = (solved.status(), solved.objective_value());
        let found = solved.get_solution();
        self.model = Some(Model::from(solved));
        match status {
            HighsModelStatus::Optimal => Ok(Solved {
                value,
                columns: found.columns().to_vec(),
                duals: found.dual_rows().to_vec(),
            }),
            HighsModelStatus::Infeasible => Err(Unsolved::Infeasible),
            _ => Err(Unsolved::Stopped),
        }
    }
}
