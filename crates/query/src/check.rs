//! What a query may say. A rule must give the same findings for the same facts whatever the order
//! of rows, the machine or the day, so whatever could make a difference is refused before anything
//! runs: clocks, chance, floats, rows left out by number, and orders that are not told.

use std::collections::BTreeSet;

use arrow_schema::DataType;
use datafusion::{
    common::tree_node::{TreeNode as _, TreeNodeRecursion},
    execution::SessionState,
    logical_expr::{
        Distinct, Expr, ExprSchemable as _, LogicalPlan, Volatility, WindowFrameUnits,
        WindowFunctionDefinition,
        expr::{AggregateFunction, WindowFunction},
        utils::merge_schema,
    },
    sql::{
        parser::{DFParserBuilder, Statement},
        sqlparser::{
            ast,
            dialect::GenericDialect,
            tokenizer::{Token, TokenWithSpan, Tokenizer},
        },
    },
};

use lake::batch::NUMBER;

use crate::{
    Fault,
    fault::{Forbidden, Place, Wrong},
    told,
};

/// Functions of an aggregate or window that depend on the order of rows.
const ORDERED: [&str; 9] = [
    "array_agg",
    "string_agg",
    "first_value",
    "last_value",
    "nth_value",
    "row_number",
    "lag",
    "lead",
    "ntile",
];
/// The words for floats.
const FLOATS: [&str; 6] = ["float", "double", "real", "float4", "float8", "avg"];

/// The plan of a query that says nothing it may not.
pub(crate) async fn checked(state: &SessionState, sql: &str) -> Result<LogicalPlan, Fault> {
    let plan = state.statement_to_plan(parsed(sql)?).await.map_err(|error| told::query(&error))?;
    let mut look = Look { words: words(sql), found: BTreeSet::new() };
    look.over(&plan);
    look.floats(&plan);
    // What else is one shows once kinds are made to fit each other.
    let fitted =
        state.analyzer().execute_and_check(plan.clone(), state.config_options(), |_, _| {});
    match fitted {
        Ok(fitted) if look.found.is_empty() => look.floats(&fitted),
        Ok(_) => {}
        Err(error) if look.found.is_empty() => return Err(told::query(&error)),
        Err(_) => {}
    }
    look.names(&plan);
    if look.found.is_empty() { Ok(plan) } else { Err(Fault::Query(look.wrongs())) }
}

/// The one statement of a query, which must be a SELECT.
fn parsed(sql: &str) -> Result<Statement, Fault> {
    let parser = DFParserBuilder::new(sql).with_dialect(&GenericDialect {}).build();
    let mut parser = parser.map_err(|error| told::query(&error))?;
    let mut all = parser.parse_statements().map_err(|error| told::query(&error))?;
    let select = |statement: &Statement| match statement {
        Statement::Statement(statement) => matches!(**statement, ast::Statement::Query(_)),
        _ => false,
    };
    match all.pop_front() {
        Some(statement) if all.is_empty() && select(&statement) => Ok(statement),
        _ => Err(Fault::Query(vec![Wrong::forbidden(None, Forbidden::NoSelect)])),
    }
}

/// The words of a query with where they stand.
fn words(sql: &str) -> Vec<(String, Place)> {
    let tokens = Tokenizer::new(&GenericDialect {}, sql).tokenize_with_location();
    let word = |token: TokenWithSpan| match token.token {
        Token::Word(word) => {
            let at = token.span.start;
            Some((word.value.to_lowercase(), Place { line: at.line, column: at.column }))
        }
        _ => None,
    };
    tokens.unwrap_or_default().into_iter().filter_map(word).collect()
}

/// What is found in a query.
struct Look {
    words: Vec<(String, Place)>,
    found: BTreeSet<(Option<Place>, Forbidden)>,
}

impl Look {
    fn wrongs(self) -> Vec<Wrong> {
        let found = self.found.into_iter();
        found.map(|(place, forbidden)| Wrong::forbidden(place, forbidden)).collect()
    }

    /// Where one of these words stands first.
    fn place(&self, names: &[&str]) -> Option<Place> {
        let known = |(word, _): &&(String, Place)| names.contains(&word.as_str());
        self.words.iter().find(known).map(|(_, place)| *place)
    }

    fn note(&mut self, names: &[&str], forbidden: Forbidden) {
        self.found.insert((self.place(names), forbidden));
    }

    /// Everything but kinds.
    fn over(&mut self, plan: &LogicalPlan) {
        walk(plan, &mut |node| {
            self.node(node);
            each(node, &mut |expression| self.expression(expression));
        });
    }

    fn node(&mut self, node: &LogicalPlan) {
        match node {
            LogicalPlan::Limit(_) => self.note(&["limit", "offset", "fetch"], Forbidden::Some),
            LogicalPlan::Sort(sort) if sort.fetch.is_some() => {
                self.note(&["limit", "fetch"], Forbidden::Some);
            }
            LogicalPlan::Distinct(Distinct::On(_)) => self.note(&["distinct"], Forbidden::Some),
            LogicalPlan::RecursiveQuery(_) => self.note(&["recursive"], Forbidden::Recursive),
            LogicalPlan::Statement(_)
            | LogicalPlan::Explain(_)
            | LogicalPlan::Analyze(_)
            | LogicalPlan::Dml(_)
            | LogicalPlan::Ddl(_)
            | LogicalPlan::Copy(_)
            | LogicalPlan::DescribeTable(_)
            | LogicalPlan::Extension(_) => self.note(&["into"], Forbidden::NoSelect),
            _ => {}
        }
    }

    fn expression(&mut self, expression: &Expr) {
        match expression {
            Expr::ScalarFunction(call)
                if call.func.signature().volatility != Volatility::Immutable =>
            {
                let names: Vec<&str> = [call.name()]
                    .into_iter()
                    .chain(call.func.aliases().iter().map(String::as_str))
                    .collect();
                self.note(&names, Forbidden::Unsteady(call.name().to_owned()));
            }
            Expr::AggregateFunction(call) => self.aggregate(call),
            Expr::WindowFunction(call) => self.window(call),
            Expr::Placeholder(own) => self.note(&[], Forbidden::Parameter(own.id.clone())),
            Expr::ScalarVariable(_, names) => {
                self.note(&[], Forbidden::Parameter(names.join(".")));
            }
            _ => {}
        }
    }

    /// What gathers rows in an order must be told one, and where rows tie in it, they must be equal
    /// in what is gathered.
    fn aggregate(&mut self, call: &AggregateFunction) {
        let name = call.func.name();
        if name.starts_with("approx_") {
            self.note(&[name], Forbidden::Estimate(name.to_owned()));
        }
        if !ORDERED.contains(&name) {
            return;
        }
        let order = &call.params.order_by;
        let gathered = call.params.args.first();
        if order.is_empty() {
            self.note(&[name], Forbidden::Unordered(name.to_owned()));
        } else if !order.iter().any(|own| Some(&own.expr) == gathered) {
            let gathered = gathered.map(|own| own.human_display().to_string());
            self.note(&[name], Forbidden::Ties(name.to_owned(), gathered.unwrap_or_default()));
        }
    }

    /// What looks at neighbours must be told an order in which no two rows tie.
    fn window(&mut self, call: &WindowFunction) {
        let name = match &call.fun {
            WindowFunctionDefinition::AggregateUDF(own) => own.name(),
            WindowFunctionDefinition::WindowUDF(own) => own.name(),
        };
        let frame = &call.params.window_frame;
        let whole = frame.start_bound.is_unbounded() && frame.end_bound.is_unbounded();
        let counted = frame.units == WindowFrameUnits::Rows && !whole;
        if !ORDERED.contains(&name) && !counted {
            return;
        }
        let order = &call.params.order_by;
        let own = |expression: &Expr| matches!(expression, Expr::Column(own) if own.name == NUMBER);
        if order.is_empty() {
            self.note(&[name], Forbidden::Unordered(name.to_owned()));
        } else if !order.iter().any(|sort| own(&sort.expr)) {
            self.note(&[name], Forbidden::Ties(name.to_owned(), NUMBER.to_owned()));
        }
    }

    /// Floats, in what is computed and in what is read.
    fn floats(&mut self, plan: &LogicalPlan) {
        walk(plan, &mut |node| {
            if let LogicalPlan::TableScan(scan) = node {
                let floats = scan.projected_schema.fields().iter();
                let floats = floats.filter(|field| float(field.data_type()));
                for field in floats {
                    self.note(&[field.name()], Forbidden::Float(field.name().clone()));
                }
            }
            let Ok(schema) = merged(node) else { return };
            each(node, &mut |expression| {
                let gives = |own: &Expr| own.get_type(&schema).is_ok_and(|kind| float(&kind));
                let mut within = false;
                let _ = expression.apply_children(|own| {
                    within |= gives(own);
                    Ok(TreeNodeRecursion::Continue)
                });
                let named = matches!(expression, Expr::Column(_) | Expr::Alias(_));
                if !named && !within && gives(expression) {
                    let said = match expression {
                        Expr::Cast(_) | Expr::TryCast(_) => expression.to_string(),
                        other => other.human_display().to_string(),
                    };
                    let name = said.split('(').next().unwrap_or_default().to_lowercase();
                    let mut names = vec![name.as_str()];
                    names.extend(FLOATS);
                    self.note(&names, Forbidden::Float(said.clone()));
                }
            });
        });
    }

    /// Columns of the answer that have one name.
    fn names(&mut self, plan: &LogicalPlan) {
        let mut seen = BTreeSet::new();
        for field in plan.schema().fields() {
            if !seen.insert(field.name()) {
                self.note(&[field.name()], Forbidden::Twice(field.name().clone()));
            }
        }
    }
}

fn merged(node: &LogicalPlan) -> datafusion::common::Result<datafusion::common::DFSchema> {
    Ok(merge_schema(&node.inputs()))
}

/// Every part of a plan, those of its subqueries as well.
fn walk(plan: &LogicalPlan, see: &mut impl FnMut(&LogicalPlan)) {
    let _ = plan.apply_with_subqueries(|node| {
        see(node);
        Ok(TreeNodeRecursion::Continue)
    });
}

/// Every expression of one part of a plan, and every part of it.
fn each(node: &LogicalPlan, see: &mut impl FnMut(&Expr)) {
    let _ = node.apply_expressions(|whole| {
        whole.apply(|part| {
            see(part);
            Ok(TreeNodeRecursion::Continue)
        })
    });
}

fn float(kind: &DataType) -> bool {
    match kind {
        DataType::Float16 | DataType::Float32 | DataType::Float64 => true,
        DataType::List(field)
        | DataType::LargeList(field)
        | DataType::ListView(field)
        | DataType::FixedSizeList(field, _)
        | DataType::Map(field, _) => float(field.data_type()),
        DataType::Struct(fields) => fields.iter().any(|field| float(field.data_type())),
        DataType::Dictionary(_, value) => float(value),
        _ => false,
    }
}
