use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::*;

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn paragraphs(issue: &Issue) -> Vec<&str> {
    issue.text.lines().filter(|line| line.chars().count() >= 60).collect()
}

#[test]
fn a_seed_makes_the_same_issues_whatever_was_asked_before() {
    let plan = Plan::new(11, 3);
    let late = plan.issue(40, 1);
    assert_eq!(late, Plan::new(11, 3).issue(40, 1));
    assert_ne!(late.text, Plan::new(12, 3).issue(40, 1).text);
    assert_eq!(late.file_name, format!("{}_{}.txt", late.title, late.day));
}

#[test]
fn an_issue_is_as_large_as_a_dailys() {
    let plan = Plan::new(5, 10);
    for index in 0..20 {
        let issue = plan.issue(index, 1);
        let pages = issue.text.lines().filter(|line| line.starts_with('第') && line.contains("版 ")).count();
        assert!((4..=17).contains(&pages), "{pages} pages");
        assert!((10..=20).contains(&(issue.articles / pages)), "{} articles on {pages} pages", issue.articles);
        let characters = issue.text.chars().count() / issue.articles;
        assert!((200..1_500).contains(&characters), "{characters} characters an article");
    }
}

#[test]
fn no_two_paragraphs_of_many_issues_are_alike() {
    let plan = Plan::new(1, 7);
    let mut seen = HashSet::new();
    let mut count = 0;
    for index in 0..150 {
        for paragraph in paragraphs(&plan.issue(index, 1)) {
            count += 1;
            assert!(seen.insert(hash(paragraph)), "issue {index}: {paragraph}");
        }
    }
    assert!(count > 50_000, "{count}");
}

#[test]
fn a_revision_changes_one_article_loses_one_and_has_one_that_is_new() {
    let plan = Plan { pages: Some(2), ..Plan::new(9, 2) };
    for index in 0..20 {
        let [first, second, third] = [1, 2, 3].map(|revision| plan.issue(index, revision));
        assert_eq!((&first.file_name, first.articles), (&second.file_name, second.articles));
        for (old, new) in [(&first, &second), (&second, &third)] {
            let before: HashSet<_> = paragraphs(old).into_iter().collect();
            let after: HashSet<_> = paragraphs(new).into_iter().collect();
            let gone = before.difference(&after).count();
            assert!(gone > 0 && after.difference(&before).count() > 0);
            assert!(gone * 4 < before.len(), "issue {index}: {gone} of {} paragraphs gone", before.len());
        }
    }
}

#[test]
fn with_defects_a_page_is_still_a_page() {
    let plan = Plan { defects: true, pages: Some(2), articles: Some(6), ..Plan::new(2, 4) };
    for index in 0..40 {
        assert!(plan.issue(index, 1).text.len() > 5_000);
    }
}
