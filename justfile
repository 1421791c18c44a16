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

# Write shared/contract/schema/ anew from the types
schema:
    cargo run -q -p contract --example write-schema

# What decides whether work lands
ci:
    bash .ci/run
