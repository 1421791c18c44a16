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

# How fast pages become articles and articles analysed ones, beside the dictionary alone
bench *ARGS:
    cargo bench -p parser --bench extract -- {{ARGS}}

# Fit the weights of the parser's models to the annotated pages anew (needs numpy, scipy and jieba)
fit:
    services/parser/fit/run

# What both allocate; counting slows them, so this is no measure of time
bench-allocations *ARGS:
    cargo bench -p parser --bench allocations -- {{ARGS}}

# Write shared/contract/schema/ anew from the types
schema:
    cargo run -q -p contract --example write-schema

# What decides whether work lands
ci:
    bash .ci/run

# Rules by promtool, and every query of the dashboards against a Prometheus that scraped a running line
observability-test:
    cargo build --workspace --bins
    deploy/observability/check

# Three brokers from the shipped file: TLS, accounts, three copies of each stream, one broker killed
brokers-test:
    cargo build -p pressline
    deploy/settings/nats/check-cluster

# Overlays rendered and held against Kubernetes' schemas (needs kubectl)
kubernetes-check:
    deploy/kubernetes/check

# Images built, line up, scaled, killed, rolled, nothing lost (needs podman and podman-compose, or ENGINE=docker)
containers-test:
    deploy/containers/test

# Advisories, licences, sources, bans of all dependencies; ADVISORIES: a clone of rustsec/advisory-db where it cannot be fetched
deny *ADVISORIES:
    .ci/supply-chain {{ADVISORIES}}

# Bills of materials of the programs, CycloneDX JSON in target/sbom, held against its schema; they lie in the images, too
sbom:
    deploy/containers/sbom-check

# What each service takes: size, time to be ready, memory when idle (release build)
footprint:
    cargo build --release --locked -p intake -p parser -p indexer -p embedded-search
    deploy/containers/footprint
