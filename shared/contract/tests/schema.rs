//! The published schemas are those of the types.

use std::path::Path;

#[test]
fn the_schema_files_are_what_the_types_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    let wanted = contract::schema::files();
    for (name, text) in &wanted {
        let found = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(found == *text, "{name} is not what the types say: run `just schema` and read the difference");
    }
    let mut found: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    found.sort();
    assert_eq!(found, wanted.keys().cloned().collect::<Vec<_>>());
}
