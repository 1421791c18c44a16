//! One trace through all services: W3C trace context in, spans out by OTLP, <https://www.w3.org/TR/trace-context/>.
//!
//! A span that has a field `trace_id` takes part: it is exported where `telemetry.otlp` says so, and every log line within
//! it carries the id, exported or not.

use std::collections::HashMap;

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::{Metadata, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Filter;
use tracing_subscriber::registry::LookupSpan;

/// The field that makes a span part of a trace.
const TRACE_ID: &str = "trace_id";
const TRACEPARENT: &str = "traceparent";

/// Puts `span`, which has a field `trace_id` and was not entered yet, into the trace that `traceparent` names, if it names
/// one. Afterwards `traceparent` is what to hand on: the span itself where spans are exported, else what it was.
pub fn join(span: &Span, traceparent: &mut Option<String>) {
    if let Some(given) = traceparent {
        let carrier = HashMap::from([(TRACEPARENT.to_owned(), given.clone())]);
        // Refused where nothing exports spans: then there is nothing to join.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&carrier));
    }
    let context = span.context();
    let own = context.span().span_context().clone();
    if own.is_valid() {
        let (trace, id, flags) = (own.trace_id(), own.span_id(), own.trace_flags().to_u8());
        *traceparent = Some(format!("00-{trace}-{id}-{flags:02x}"));
    }
    if let Some(id) = traceparent.as_deref().and_then(|text| text.split('-').nth(1)) {
        span.record(TRACE_ID, id);
    }
}

/// Whether this is a span that takes part in traces.
pub(crate) fn takes_part(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.fields().field(TRACE_ID).is_some()
}

/// Sends what is left when dropped; keep it as long as the process works.
#[derive(Debug, Default)]
#[must_use = "dropped, it ends the export of spans"]
pub struct Export(Option<SdkTracerProvider>);

impl Drop for Export {
    fn drop(&mut self) {
        if let Some(provider) = &self.0 {
            // A collector that is away takes no part in how the process ends.
            let _ = provider.shutdown();
        }
    }
}

/// Exports `percent` of the traces that begin here, and all that another service has begun and exports, to `url`.
///
/// # Errors
/// When `url` is no address.
pub(crate) fn export(url: &str, percent: u8, service: &'static str) -> Result<(SdkTracerProvider, Export), String> {
    let bad = |error: &dyn std::fmt::Display| format!("telemetry.otlp `{url}` cannot be used: {error}");
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(bad(&"give the collector's address, as http://127.0.0.1:4318"));
    }
    let endpoint = format!("{}/v1/traces", url.trim_end_matches('/'));
    let exporter = SpanExporter::builder().with_http().with_endpoint(endpoint).build().map_err(|error| bad(&error))?;
    let share = Sampler::TraceIdRatioBased(f64::from(percent) / 100.0);
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(Sampler::ParentBased(Box::new(share)))
        .with_resource(Resource::builder().with_service_name(service).build())
        .build();
    Ok((provider.clone(), Export(Some(provider))))
}

/// The layer that turns spans which take part into exported ones.
pub(crate) fn layer<S>(provider: &SdkTracerProvider) -> impl Layer<S> + use<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let tracer = provider.tracer("pressline");
    tracing_opentelemetry::layer().with_tracer(tracer).with_filter(Taking)
}

/// Lets through what [`takes_part`].
pub(crate) struct Taking;

impl<S> Filter<S> for Taking {
    fn enabled(&self, metadata: &Metadata<'_>, _: &tracing_subscriber::layer::Context<'_, S>) -> bool {
        takes_part(metadata)
    }
}
