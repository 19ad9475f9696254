//! A cluster of processes for a test.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

use cluster::Cluster;
use query::{Engine, Limits};
use tempfile::TempDir;

/// How long processes may take until they answer.
const START: Duration = Duration::from_secs(60);

/// A scheduler with executors. All end with it.
pub(crate) struct Processes {
    scheduler: Child,
    executors: Vec<Child>,
    address: String,
    folder: TempDir,
}

impl Processes {
    /// Starts a scheduler with so many executors, and waits for all of them.
    pub(crate) fn start(executors: usize) -> Self {
        let folder = TempDir::with_prefix("cluster-").unwrap();
        let mut scheduler = program()
            .args(["scheduler", "--listen", "127.0.0.1:0", "--executors"])
            .arg(executors.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut address = String::new();
        let mut said = BufReader::new(scheduler.stdout.take().unwrap());
        said.read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        let mut own = Self { scheduler, executors: Vec::new(), address, folder };
        for number in 0..executors {
            own.executors.push(own.executor(number));
        }
        own.ready();
        own
    }

    fn executor(&self, number: usize) -> Child {
        program()
            .args(["executor", "--scheduler", &self.address, "--threads", "1", "--memory", "512"])
            .args(["--listen", &format!("127.0.0.1:{}", two_free_ports())])
            .arg("--work")
            .arg(self.work(number))
            .spawn()
            .unwrap()
    }

    /// Where an executor puts rows on their way.
    pub(crate) fn work(&self, number: usize) -> PathBuf {
        self.folder.path().join(format!("work-{number}"))
    }

    fn ready(&self) {
        let begun = Instant::now();
        while !self.answers("/readyz") {
            assert!(begun.elapsed() < START, "the executors do not come");
            sleep(Duration::from_millis(50));
        }
    }

    fn answers(&self, path: &str) -> bool {
        let Ok(mut stream) = TcpStream::connect(&self.address) else { return false };
        let asked = format!("GET {path} HTTP/1.1\r\nhost: cluster\r\nconnection: close\r\n\r\n");
        let mut said = String::new();
        stream.write_all(asked.as_bytes()).is_ok()
            && stream.read_to_string(&mut said).is_ok()
            && said.starts_with("HTTP/1.1 200")
    }

    /// Ends an executor at once, in whatever it does.
    pub(crate) fn kill(&mut self, number: usize) {
        let executor = &mut self.executors[number];
        executor.kill().unwrap();
        executor.wait().unwrap();
    }

    /// An engine whose work is done here.
    pub(crate) fn engine(&self) -> Engine {
        self.asking(Duration::from_secs(120))
    }

    /// The same, which waits only so long.
    pub(crate) fn asking(&self, patience: Duration) -> Engine {
        asking(&self.address, self.folder.path(), patience)
    }
}

/// An engine whose work is done by the cluster of this scheduler.
pub(crate) fn asking(scheduler: &str, folder: &Path, patience: Duration) -> Engine {
    let cluster = Cluster::new(scheduler, &folder.join("shared"), patience).unwrap();
    Engine::elsewhere(limits(folder), Arc::new(cluster)).unwrap()
}

pub(crate) fn limits(folder: &Path) -> Limits {
    Limits { memory_bytes: 512 << 20, scratch: folder.join("scratch"), threads: 4 }
}

impl Drop for Processes {
    fn drop(&mut self) {
        for child in self.executors.iter_mut().chain([&mut self.scheduler]) {
            // One that was killed is gone already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_cluster"));
    program.stdin(Stdio::null());
    program
}

/// A port that is free, with the next one.
fn two_free_ports() -> u16 {
    let free = |port| TcpListener::bind(("127.0.0.1", port));
    loop {
        let first = free(0).unwrap();
        let port = first.local_addr().unwrap().port();
        if port.checked_add(1).is_some_and(|next| free(next).is_ok()) {
            return port;
        }
    }
}
