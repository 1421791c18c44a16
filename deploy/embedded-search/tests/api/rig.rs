//! What every test needs: an engine, a name of its own, raw requests, and waiting for tasks.

use embedded_search::{Running, Settings, start};
use meilisearch_sdk::client::Client;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// Key of the engines that the tests start.
pub const KEY: &str = "test-master-key";

/// An engine to talk to.
pub struct Rig {
    pub url: String,
    pub key: String,
    http: reqwest::Client,
    running: Option<Running>,
    folder: Option<TempDir>,
}

impl Rig {
    /// A real server if the environment names one, else an engine of the test's own.
    pub async fn new() -> Self {
        match std::env::var("MEILI_URL") {
            Ok(url) => {
                let key = std::env::var("MEILI_MASTER_KEY").unwrap_or_default();
                Self::at(url.trim_end_matches('/').to_owned(), key)
            }
            Err(_) => Self::embedded().await,
        }
    }

    /// An engine of the test's own, whatever the environment says.
    pub async fn embedded() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut rig = Self::in_folder(folder.path(), |_| {}).await;
        rig.folder = Some(folder);
        rig
    }

    /// An engine on data that outlives it, with some settings changed.
    pub async fn in_folder(folder: &Path, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings {
            listen: ([127, 0, 0, 1], 0).into(),
            data_dir: folder.to_owned(),
            master_key: Some(KEY.to_owned()),
            ..Settings::default()
        };
        change(&mut settings);
        let running = start(settings).await.unwrap();
        let mut rig = Self::at(format!("http://{}", running.address()), KEY.to_owned());
        rig.running = Some(running);
        rig
    }

    /// An engine that somebody else started.
    pub fn at(url: String, key: String) -> Self {
        Self { url, key, http: reqwest::Client::new(), running: None, folder: None }
    }

    pub fn is_embedded(&self) -> bool {
        self.running.is_some()
    }

    pub fn client(&self) -> Client {
        Client::new(&self.url, Some(&self.key)).unwrap()
    }

    /// Stops the engine if it is the test's own.
    pub async fn stop(mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    /// A request with the key and, if there is one, a JSON body.
    pub async fn raw(&self, method: Method, path: &str, body: Option<&Value>) -> Response {
        let mut request = self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.key);
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await.unwrap()
    }

    /// The same, as status and JSON.
    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let answer = self.raw(method, path, body.as_ref()).await;
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// What must be answered with 200.
    pub async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.ask(Method::GET, path, None).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// Status and code of what must fail, after checking the shape of the error.
    pub async fn refused(&self, method: Method, path: &str, body: Option<Value>) -> (u16, String) {
        let (status, error) = self.ask(method, path, body).await;
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        for name in ["message", "code", "type", "link"] {
            assert!(!text(name).is_empty(), "{path}: {status} {error}");
        }
        assert!(text("link").ends_with(&format!("#{}", text("code"))), "{error}");
        (status.as_u16(), text("code"))
    }

    /// Makes a task and waits for its end.
    pub async fn task(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let (status, summary) = self.ask(method, path, body).await;
        assert!(status.is_success(), "{path}: {status} {summary}");
        self.end(summary["taskUid"].as_u64().unwrap()).await
    }

    /// The same for a task that must succeed.
    pub async fn done(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let task = self.task(method, path, body).await;
        assert_eq!(task["status"], "succeeded", "{task}");
        task
    }

    /// A task once it has ended.
    pub async fn end(&self, uid: u64) -> Value {
        testkit::eventually(&format!("task {uid} ends"), || async {
            let task = self.get(&format!("/tasks/{uid}")).await;
            let ended = matches!(task["status"].as_str(), Some("succeeded" | "failed" | "canceled"));
            ended.then_some(task)
        })
        .await
    }

    /// A search that must succeed.
    pub async fn search(&self, index: &str, query: Value) -> Value {
        let (status, answer) = self.ask(Method::POST, &format!("/indexes/{index}/search"), Some(query)).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Removes an index that the test made.
    pub async fn drop_index(&self, index: &str) {
        self.task(Method::DELETE, &format!("/indexes/{index}"), None).await;
    }

    /// An index with the articles of [`articles`], and settings that the search tests use.
    pub async fn with_articles(&self) -> String {
        let index = name();
        let settings = json!({
            "filterableAttributes": ["版", "栏目", "号"],
            "sortableAttributes": ["版", "字数"],
        });
        self.done(Method::PATCH, &format!("/indexes/{index}/settings"), Some(settings)).await;
        let path = format!("/indexes/{index}/documents?primaryKey=id");
        self.done(Method::POST, &path, Some(articles())).await;
        index
    }
}

/// A name that no other test has, on this server or another.
pub fn name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("t-{}-{now}-{next}", std::process::id())
}

/// Five short articles.
pub fn articles() -> Value {
    json!([
        {"id": "a1", "标题": "青湖镇修好三座老桥", "正文": "青湖镇用两个月时间修好了三座老桥,村民过河不再绕路。镇里说,明年还要修两条水渠。",
         "版": 1, "栏目": "要闻", "字数": 420, "作者": {"姓名": "林小满", "身份": "记者"}},
        {"id": "a2", "标题": "青湖小学的种子图书角", "正文": "青湖小学的孩子把收来的种子装进纸袋,写上名字,放在图书角里交换。",
         "版": 4, "栏目": "教育", "字数": 260, "作者": {"姓名": "周望", "身份": "通讯员"}},
        {"id": "a3", "标题": "冬储蔬菜上市", "正文": "批发市场的冬储蔬菜价格平稳,白菜和萝卜的供应充足。",
         "版": 2, "栏目": "经济", "字数": 310, "作者": {"姓名": "林小满", "身份": "记者"}},
        {"id": "a4", "标题": "老桥边的照相馆", "正文": "照相馆开在老桥边三十年,墙上挂满了青湖镇人的全家福。",
         "版": 4, "栏目": "副刊", "字数": 880, "作者": {"姓名": "何田", "身份": "作者"}},
        {"id": "a5", "标题": "气象台发布大风预报", "正文": "气象台预计周末有大风,请渔船及时回港。",
         "版": 1, "栏目": "要闻", "字数": 120, "作者": null},
    ])
}

/// Ids of the hits, in order.
pub fn ids(answer: &Value) -> Vec<&str> {
    let hits = answer["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["id"].as_str().unwrap()).collect()
}
