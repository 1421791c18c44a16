//! What `--check` says of settings that hold secrets in the wrong place.

use std::process::Command;

#[test]
fn no_check_shows_what_stands_where_a_secret_belongs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("intake.toml");
    let tokens = folder.path().join("tokens");
    std::fs::write(&tokens, "# senders\nsecret-in-the-open\n").unwrap();
    for (settings, variable, said) in [
        ("[http]\ntokens = [\"secret-in-the-open\"]\n".to_owned(), None, "http.tokens: line 1"),
        (format!("[http]\ntokens_file = {tokens:?}\n"), None, "line 2"),
        ("[http]\ntokens = { a = \"secret\" }\n".to_owned(), None, "tokens"),
        (String::new(), Some(("PRESSLINE__HTTP__TOKENS", "secret-one;secret-two")), "http.tokens: line 1"),
        ("[nats]\npassword = secret-without-quotes\n".to_owned(), None, "line 2"),
        ("[nats]\npassword = \"secret\"\n".to_owned(), None, "user and password belong together"),
        ("[nats]\npassword = [\"secret\"]\n".to_owned(), None, "password"),
        (String::new(), Some(("PRESSLINE__NATS__TOKENS", "secret")), "tokens"),
        (format!("[http]\ntls_cert_file = {tokens:?}\ntls_key_file = {tokens:?}\n"), None, "http.tls_cert_file"),
    ] {
        std::fs::write(&file, settings).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_intake"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PRESSLINE")) {
            command.env_remove(name);
        }
        let output = command.envs(variable).args(["--check", "--config"]).arg(&file).output().unwrap();
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert_eq!(output.status.code(), Some(64), "{text}");
        assert!(text.contains(said), "{said}: {text}");
        assert!(!text.contains("secret"), "{text}");
    }
}
