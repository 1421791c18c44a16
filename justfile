# Every line calls cargo or a script; CI calls the same.

# Everything on this machine, with the sample issues
up *ARGS:
    cargo run --release -p pressline -- up {{ARGS}}

# The tests; they fetch nats-server by themselves
test *ARGS:
    cargo test --workspace {{ARGS}}

# What CI asks beside the tests
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings

# The search page's tests: unit tests, then Chromium against a real line (needs Node, Chromium and a built pressline)
page-test:
    cd deploy/search-page && npm ci --ignore-scripts --no-audit --no-fund && npm test

# What the words cost that the indexer adds for Chinese: index time, index size, search; with and without, side by side
bench-search *ARGS:
    cargo bench -p indexer --bench cost -- {{ARGS}}

# How fast pages become articles and articles analysed ones, with allocations, beside the dictionary alone
bench *ARGS:
    cargo bench -p parser --bench extract -- {{ARGS}}

# Write shared/contract/schema/ anew from the types
schema:
    cargo run -q -p contract --example write-schema

# What decides whether work lands
ci:
    bash .ci/run
