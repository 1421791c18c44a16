//! What every process shows of itself: its build, whether it is ready, and, on Linux, what it takes of the machine under the
//! names that Prometheus' own clients use.

use std::time::{Duration, SystemTime};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::Health;

/// The registry with all of it.
pub(crate) fn registry(health: Health) -> Registry {
    let mut all = Registry::default();
    // Set by whoever builds a release; a build at a desk has none.
    let commit = option_env!("PRESSLINE_COMMIT").unwrap_or("unknown");
    let build = Info::new([("version", env!("CARGO_PKG_VERSION")), ("commit", commit)]);
    all.register("pressline_build", "What runs here", build);
    all.register_collector(Box::new(Process { health, started: SystemTime::now() }));
    all
}

/// Looked at when asked, not kept.
#[derive(Debug)]
struct Process {
    health: Health,
    started: SystemTime,
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        let mut parts = encoder.encode_descriptor(
            "pressline_part_ready",
            "1 where a part that the service needs is ready",
            None,
            MetricType::Gauge,
        )?;
        for (part, ready) in self.health.parts() {
            let gauge = ConstGauge::new(i64::from(ready));
            gauge.encode(parts.encode_family(&[("part", part.as_str())])?)?;
        }
        let started = self.started.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let began = "When the service started, seconds since 1970";
        gauge(&mut encoder, "process_start_time", began, Unit::Seconds, started.as_secs_f64())?;
        if let Some(bytes) = resident() {
            gauge(&mut encoder, "process_resident_memory", "Memory in use", Unit::Bytes, bytes)?;
        }
        if let Some(used) = cpu_time() {
            let help = "Time of the processor used";
            let counter = prometheus_client::metrics::counter::ConstCounter::new(used.as_secs_f64());
            let metric = encoder.encode_descriptor("process_cpu", help, Some(&Unit::Seconds), MetricType::Counter)?;
            counter.encode(metric)?;
        }
        Ok(())
    }
}

fn gauge(
    encoder: &mut DescriptorEncoder,
    name: &str,
    help: &str,
    unit: Unit,
    value: f64,
) -> Result<(), std::fmt::Error> {
    let metric: MetricEncoder = encoder.encode_descriptor(name, help, Some(&unit), MetricType::Gauge)?;
    ConstGauge::new(value).encode(metric)
}

/// `VmRSS` of proc_pid_status(5).
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib * 1024.0)
}

/// Fields 14 and 15 of proc_pid_stat(5), in ticks of which Linux counts a hundred a second for programs.
fn cpu_time() -> Option<Duration> {
    const TICK: Duration = Duration::from_millis(10);
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name in brackets may hold spaces; what follows it begins with field 3.
    let mut fields = stat.rsplit_once(") ")?.1.split(' ').skip(11);
    let mut ticks = || fields.next()?.parse::<u32>().ok();
    Some(TICK * (ticks()? + ticks()?))
}
