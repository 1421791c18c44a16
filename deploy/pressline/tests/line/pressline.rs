//! The `pressline` program under test.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use testkit::eventually;

/// The repository: programs run here, as a person would run them, and find `.tools/` and `seeds/`.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The sample issues.
pub fn seeds() -> PathBuf {
    repository().join("seeds")
}

/// What is expected of the sample issues.
pub fn expected() -> Vec<Value> {
    let text = std::fs::read_to_string(seeds().join("expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// `pressline` with these arguments, not yet started; nothing of the tester's own settings reaches it.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pressline"));
    command.args(arguments).current_dir(repository());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PRESSLINE")) {
        command.env_remove(name);
    }
    command
}

/// Runs it to its end.
pub async fn run(arguments: &[&str]) -> Output {
    let mut command = command(arguments);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// Standard output as text.
pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Standard error as text.
pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Standard output as JSON lines.
pub fn json_lines(output: &Output) -> Vec<Value> {
    out(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A running `pressline up`; killed when dropped.
pub struct Up {
    child: Child,
    data: PathBuf,
}

impl Up {
    /// Starts it on this data folder and waits until it says where it listens.
    pub async fn start(data: &Path, more: &[&str]) -> Self {
        let data_text = data.to_str().unwrap();
        let arguments = [&["up", "--data", data_text], more].concat();
        let log = std::fs::File::create(data.with_extension("log")).unwrap();
        let child = command(&arguments).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let mut up = Self { child, data: data.to_owned() };
        eventually("pressline up announces its addresses", async || {
            assert!(up.child.try_wait().unwrap().is_none(), "it ended: {}", up.log());
            up.addresses().ok_or("no addresses.json yet")
        })
        .await;
        up
    }

    /// Its data folder.
    pub fn data(&self) -> &str {
        self.data.to_str().unwrap()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.data.with_extension("log")).unwrap_or_default()
    }

    fn addresses(&self) -> Option<Value> {
        serde_json::from_str(&std::fs::read_to_string(self.data.join("addresses.json")).ok()?).ok()
    }

    /// The address of `part`, as `addresses.json` has it.
    pub fn address(&self, part: &str) -> String {
        self.addresses().unwrap()[part].as_str().unwrap().to_owned()
    }

    /// The addresses of the services' metrics.
    pub fn metrics(&self) -> Vec<String> {
        let addresses = self.addresses().unwrap();
        addresses["metrics"].as_array().unwrap().iter().map(|pair| pair[1].as_str().unwrap().to_owned()).collect()
    }

    /// The metrics of a service.
    pub async fn metrics_of(&self, service: &str) -> String {
        let addresses = self.addresses().unwrap();
        let all = addresses["metrics"].as_array().unwrap();
        let address = all.iter().find(|one| one[0] == service).unwrap()[1].as_str().unwrap();
        reqwest::get(format!("{address}/metrics")).await.unwrap().text().await.unwrap()
    }

    /// What Meilisearch's own search route answers.
    pub async fn search(&self, query: Value) -> Value {
        let url = format!("{}/indexes/articles/search", self.address("search"));
        let key = self.address("search_key");
        reqwest::Client::new().post(url).bearer_auth(key).json(&query).send().await.unwrap().json().await.unwrap()
    }

    /// Kills it without warning, as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        // So that the next start does not take these addresses for its own.
        std::fs::remove_file(self.data.join("addresses.json")).unwrap();
    }

    /// Asks it to stop; its exit code.
    pub async fn stop(&mut self) -> Option<i32> {
        let killed = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        eventually("pressline up ends", async || self.child.try_wait().unwrap().ok_or("still running")).await.code()
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
