//! `up --once`: the main job, start to end.

use std::collections::BTreeSet;

use crate::pressline::{Up, err, expected, json_lines, out, run, seeds};
use serde_json::{Value, json};

#[tokio::test]
async fn once_makes_the_seeds_searchable_and_a_second_time_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let seeds = seeds();
    let arguments = ["up", "--once", "--json", "--data", data.to_str().unwrap(), seeds.to_str().unwrap()];

    let first = run(&arguments).await;
    assert_eq!(first.status.code(), Some(0), "{}", err(&first));
    let rows = files(&json_lines(&first));
    let good: Vec<_> = expected().into_iter().filter(|file| file["outcome"] == "articles").collect();
    assert_eq!(rows.len(), good.len());
    for file in &good {
        let row = row_of(&rows, file);
        let receipt = &row["receipt"];
        assert_eq!(row["new"], true, "{row:#}");
        assert_eq!(receipt["status"], "indexed", "{row:#}");
        assert_eq!(receipt["extracted"]["articles"], file["articles"], "{row:#}");
        assert_eq!(receipt["indexed"]["articles"], file["articles"], "{row:#}");
        assert_eq!(receipt["extracted"]["publication"], file["publication"], "{row:#}");
        assert_eq!(receipt["extracted"]["date"], file["date"], "{row:#}");
    }

    let second = run(&arguments).await;
    assert_eq!(second.status.code(), Some(0), "{}", err(&second));
    let again = files(&json_lines(&second));
    assert!(again.iter().all(|row| row["new"] == false && row["receipt"]["status"] == "indexed"), "{again:#?}");

    // What the seeds promise is found, and no article stands in the index twice.
    let up = Up::start(&data, &[]).await;
    let mut total = 0;
    for file in &good {
        total += file["articles"].as_u64().unwrap();
        for probe in file["finds"].as_array().unwrap() {
            let found = up.search(json!({ "q": probe["query"], "limit": 3 })).await;
            let headlines: Vec<_> = found["hits"].as_array().unwrap().iter().map(|hit| &hit["headline"]).collect();
            assert!(headlines.contains(&&probe["headline"]), "{probe} found {headlines:?}");
        }
    }
    let all = up.search(json!({ "q": "", "limit": 1000 })).await;
    let ids: BTreeSet<_> = all["hits"].as_array().unwrap().iter().map(|hit| hit["id"].to_string()).collect();
    assert_eq!(ids.len() as u64, total);
}

#[tokio::test]
async fn the_table_names_issue_date_articles_and_what_failed_and_the_exit_code_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let good = seeds().join("issues/full-masthead.txt");
    let bad = seeds().join("rejected/binary.txt");
    let done =
        run(&["up", "--once", "--data", data.to_str().unwrap(), good.to_str().unwrap(), bad.to_str().unwrap()]).await;
    assert_eq!(done.status.code(), Some(1), "{}", err(&done));
    let (table, file) = (out(&done), &expected()[0]);
    for shown in
        ["full-masthead.txt", file["publication"].as_str().unwrap(), file["date"].as_str().unwrap(), "searchable"]
    {
        assert!(table.contains(shown), "no {shown} in {table}");
    }
    assert!(table.contains("refused") && table.contains("binary"), "{table}");
    assert!(!table.contains('\u{1b}'), "colours where no terminal is: {table:?}");
    assert!(err(&done).contains("1 of 2 files failed"), "{}", err(&done));
}

fn files(lines: &[Value]) -> Vec<Value> {
    lines.iter().filter(|line| line.get("file").is_some()).cloned().collect()
}

fn row_of<'a>(rows: &'a [Value], file: &Value) -> &'a Value {
    let name = file["file"].as_str().unwrap();
    rows.iter().find(|row| row["file"].as_str().unwrap().ends_with(name)).unwrap()
}
