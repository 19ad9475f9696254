//! A NATS server as Debian has it, on a free port of the loopback interface, with a store of its
//! own. It does not outlive the test.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// It listens within this time, or never.
const WITHIN: Duration = Duration::from_secs(20);

/// A NATS server with JetStream.
pub(crate) struct Broker {
    child: Child,
    folder: TempDir,
    port: u16,
}

impl Broker {
    /// A new one.
    pub(crate) fn found() -> Self {
        let folder = TempDir::with_prefix("nats-").unwrap();
        let mut broker = Self { child: started(folder.path(), "-1"), folder, port: 0 };
        broker.listen();
        broker
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Ends it at once, as a crash does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again, with what it has stored, after it was killed.
    pub(crate) fn start(&mut self) {
        self.child = started(self.folder.path(), &self.port.to_string());
        self.listen();
    }

    /// Waits until it listens, and notes where.
    fn listen(&mut self) {
        let ports = self.folder.path().join(format!("nats-server_{}.ports", self.child.id()));
        let since = Instant::now();
        while since.elapsed() < WITHIN {
            // A file that is being written is read again.
            let said = fs::read_to_string(&ports).unwrap_or_default();
            if let Ok(said) = serde_json::from_str::<serde_json::Value>(&said) {
                let address = said["nats"][0].as_str().unwrap();
                self.port = address.rsplit_once(':').unwrap().1.parse().unwrap();
                return;
            }
            sleep(Duration::from_millis(20));
        }
        panic!("nats-server does not listen");
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        // One that was killed already cannot be killed again, and need not be.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn started(folder: &Path, port: &str) -> Child {
    // Debian puts it where only root looks.
    let here = Path::new("/usr/sbin/nats-server");
    let mut command = Command::new(if here.exists() { here } else { Path::new("nats-server") });
    command.args(["-js", "-a", "127.0.0.1", "-p", port, "-sd"]).arg(folder.join("store"));
    command.arg("--ports_file_dir").arg(folder);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    child.unwrap_or_else(|error| panic!("no nats-server, run `make setup`: {error}"))
}
