//! The processes of a cluster: `cluster scheduler` once, `cluster executor` on each machine.

use std::{error::Error, net::SocketAddr, path::PathBuf};

use clap::{Parser, Subcommand};
use cluster::serve::{self, Executor};
use tokio::{net::TcpListener, runtime::Builder};

type Failed = Box<dyn Error + Send + Sync>;

/// Runs the queries of rules on many machines.
#[derive(Debug, Parser)]
struct Said {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Plans queries and deals their work out. Its address is printed once it listens.
    Scheduler {
        /// Where it listens; with port 0 at a free one.
        #[arg(long, default_value = "127.0.0.1:50050")]
        listen: SocketAddr,
        /// It calls itself ready (`/readyz`) once so many executors are there.
        #[arg(long, default_value_t = 1)]
        executors: usize,
    },
    /// Reads files of the lake and does the work.
    Executor {
        /// The scheduler.
        #[arg(long, default_value = "127.0.0.1:50050")]
        scheduler: SocketAddr,
        /// Where others reach it: rows at this port, work at the next one.
        #[arg(long, default_value = "127.0.0.1:50051")]
        listen: SocketAddr,
        /// The folder for rows on their way; what is left in it is of no use.
        #[arg(long)]
        work: PathBuf,
        /// Threads.
        #[arg(long, default_value_t = 2)]
        threads: usize,
        /// Memory for work that holds rows, in MiB.
        #[arg(long, default_value_t = 1024)]
        memory: u64,
    },
}

/// Plans are walked by calls within calls, and those of rules are deep.
const STACK_BYTES: usize = 32 << 20;

fn main() -> Result<(), Failed> {
    let threads =
        Builder::new_multi_thread().thread_stack_size(STACK_BYTES).enable_all().build()?;
    // Not here: the first thread has a stack of its own.
    threads.block_on(threads.spawn(served(Said::parse().what)))??;
    Ok(())
}

async fn served(what: What) -> Result<(), Failed> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    match what {
        What::Scheduler { listen, executors } => {
            let listener = TcpListener::bind(listen).await?;
            println!("{}", listener.local_addr()?);
            serve::scheduler(listener, executors).await?;
        }
        What::Executor { scheduler, listen, work, threads, memory } => {
            std::fs::create_dir_all(&work)?;
            let (host, ports) = (listen.ip().to_string(), (listen.port(), listen.port() + 1));
            let at = scheduler.ip().to_string();
            serve::executor(Executor {
                scheduler: (&at, scheduler.port()),
                host: &host,
                ports,
                work: &work,
                threads,
                memory_bytes: memory << 20,
            })
            .await?;
        }
    }
    Ok(())
}
