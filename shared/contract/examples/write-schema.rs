//! Writes `shared/contract/schema/` from the types: `just schema`.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    std::fs::create_dir_all(&folder)?;
    for (name, text) in contract::schema::files() {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}
