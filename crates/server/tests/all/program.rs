//! The program as an operator sees it: a process with a folder, its words on standard error, and
//! signals.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, ExitStatus, Stdio},
};

use tempfile::TempDir;

/// A folder with the town's packs, its demonstration, and whatever the program keeps.
pub(crate) struct Town {
    folder: TempDir,
}

impl Town {
    /// The town of a test, where nothing has been kept yet.
    pub(crate) fn found(test: &str) -> Self {
        let folder = TempDir::with_prefix(format!("yiyang-{test}-")).unwrap();
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        for pack in ["cn", "willow"] {
            copy(&here.join("../../packs").join(pack), &folder.path().join("packs").join(pack));
        }
        copy(&here.join("tests/all/demo"), &folder.path().join("packs/willow/demo"));
        Self { folder }
    }

    /// Where the program keeps what it knows.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
        command.args(words).args(["--pack", "willow", "--data"]).arg(self.data());
        command.arg("--packs").arg(self.folder.path().join("packs"));
        command.env_remove("YIYANG_DATABASE").env_remove("YIYANG_LANGUAGE");
        command
    }

    /// The town's own folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts the demonstration on a free port, without waiting for it.
    pub(crate) fn start(&self, scale: &str) -> Program {
        self.start_with(scale, &[])
    }

    /// The same with settings of its environment.
    pub(crate) fn start_with(&self, scale: &str, settings: &[(&str, &Path)]) -> Program {
        let mut command = self.command(&["demo", "--listen", "127.0.0.1:0", "--scale", scale]);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command.envs(settings.iter().copied());
        Program::of(command)
    }

    /// Has the ledger verified; the report must be without a fault.
    pub(crate) fn verified(&self) -> serde_json::Value {
        let done = self.command(&["ledger", "verify"]).output().unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
        serde_json::from_str(&said).unwrap()
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        let to = to.join(item.file_name());
        match item.file_type().unwrap().is_dir() {
            true => copy(&item.path(), &to),
            false => drop(fs::copy(item.path(), to).unwrap()),
        }
    }
}

/// A running program, which does not outlive the test.
pub(crate) struct Program {
    child: Child,
    words: BufReader<ChildStderr>,
    said: String,
}

impl Program {
    /// Starts what serves and tells on its standard error, which must be piped.
    pub(crate) fn of(mut command: Command) -> Self {
        // Every client of the tests asks for it, those over plain HTTP too.
        rustls::crypto::ring::default_provider().install_default().ok();
        let mut child = command.spawn().unwrap();
        let words = BufReader::new(child.stderr.take().unwrap());
        Self { child, words, said: String::new() }
    }

    /// The address it serves, once it says so.
    pub(crate) fn address(&mut self) -> String {
        loop {
            let mut line = String::new();
            assert!(self.words.read_line(&mut line).unwrap() > 0, "it ended: {}", self.said);
            self.said.push_str(&line);
            if let Some((_, address)) = line.trim().split_once("http://") {
                return format!("http://{address}");
            }
        }
    }

    /// Whether it has not ended by itself.
    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Ends it at once, as a crash does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, and waits until it has: how, and everything it said.
    pub(crate) fn stop(mut self) -> (ExitStatus, String) {
        let number = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &number]).status().unwrap().success());
        let ended = self.child.wait().unwrap();
        self.words.read_to_string(&mut self.said).unwrap();
        (ended, std::mem::take(&mut self.said))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // One that has ended already cannot be killed, and need not be.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
