//! Writes pages for people to look at: `cargo run -p generate --example pages -- OUT COUNT SEED` makes
//! `OUT/issues/NAME.txt` and `OUT/gold/NAME.json`, which `pressline evaluate OUT/gold OUT/issues` reads.

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [out, count, seed] = arguments.as_slice() else {
        return Err("usage: pages OUT COUNT SEED".into());
    };
    let (out, count, seed): (_, u64, u64) = (Path::new(out), count.parse()?, seed.parse()?);
    std::fs::create_dir_all(out.join("issues"))?;
    std::fs::create_dir_all(out.join("gold"))?;
    for seed in seed..seed + count {
        let page = generate::page(seed);
        let name = format!("{seed:06}-{}", page.tool);
        std::fs::write(out.join("issues").join(format!("{name}.txt")), &page.text)?;
        std::fs::write(out.join("gold").join(format!("{name}.json")), serde_json::to_string_pretty(&page.truth)?)?;
    }
    Ok(())
}
