//! Every field has a value of its own, so that two that change places are seen.

use daemonscope_protocol::*;

pub fn text(text: &str) -> String {
    text.to_owned()
}

pub fn container() -> Container {
    Container {
        key: ContainerKey(7),
        id: text("0123"),
        name: text("web"),
        image: text("nginx:1.29"),
        image_id: text("sha256:4567"),
        command: text("nginx -g 'daemon off;'"),
        created_secs: 1_700_000_001,
        state: State::Running,
        status: text("Up 3 minutes (healthy)"),
        health: Some(Health::Healthy),
        ports: vec![PortMapping {
            host_ip: text("0.0.0.0"),
            host_port: Some(8080),
            container_port: 80,
            protocol: text("tcp"),
        }],
        labels: vec![(text("a"), text("b"))],
        project: Some(text("shop")),
        service: Some(text("front")),
        network_mode: text("bridge"),
        networks: vec![NetworkLink {
            name: text("net"),
            network_id: text("89ab"),
            ip_address: text("192.0.2.2"),
            ipv6_address: text("2001:db8::2"),
            gateway: text("192.0.2.1"),
            mac_address: text("02:00:00:00:00:01"),
            aliases: vec![text("alias")],
        }],
        mounts: vec![Mount {
            kind: text("volume"),
            name: text("data"),
            source: text("/source"),
            destination: text("/destination"),
            mode: text("z"),
            read_write: true,
        }],
        details: Some(Box::new(Details {
            exit_code: Some(137),
            oom_killed: true,
            error: text("error"),
            restart_count: Some(6),
            started_at_millis: Some(1_700_000_000_002),
            finished_at_millis: Some(1_700_000_000_001),
            pid: Some(4242),
            restart_policy: RestartPolicy {
                name: text("on-failure"),
                maximum_retry_count: 5,
            },
            health_check: Some(HealthCheck {
                command: text("curl -f localhost"),
                interval_millis: 30_000,
                failing_streak: 2,
            }),
            memory_limit_bytes: Some(1 << 30),
            nano_cpus: Some(500_000_000),
            pids_limit: Some(100),
            privileged: true,
            tty: false,
            user: text("www"),
            working_dir: text("/srv"),
            hostname: text("host"),
            log_driver: text("json-file"),
            platform: text("linux"),
            environment: vec![text("PATH")],
            inspected_at_millis: 1_700_000_000_003,
        })),
    }
}

pub fn engine() -> EngineInfo {
    EngineInfo {
        id: text("ID"),
        name: text("nas"),
        version: text("28.5.2"),
        api_version: text("1.51"),
        api_version_max: text("1.52"),
        api_version_min: text("1.24"),
        components: vec![Component {
            name: text("runc"),
            version: text("1.3.0"),
        }],
        operating_system: text("Debian"),
        os_type: text("linux"),
        architecture: text("x86_64"),
        kernel: text("6.18"),
        storage_driver: text("overlay2"),
        logging_driver: text("json-file"),
        cgroup_driver: text("systemd"),
        cgroup_version: text("2"),
        root_dir: text("/var/lib/docker"),
        cpus: Some(4),
        memory_bytes: Some(1 << 34),
        containers: Some(10),
        containers_running: Some(7),
        containers_paused: Some(1),
        containers_stopped: Some(2),
        images: None,
        debug: Some(true),
        goroutines: Some(90),
        file_descriptors: Some(50),
        event_listeners: Some(3),
        swarm: text("inactive"),
        warnings: vec![text("WARNING: none")],
        read_at_millis: 1_700_000_000_004,
    }
}

pub fn usage() -> UsageState {
    let classes = [
        UsageClass::Images,
        UsageClass::Containers,
        UsageClass::LocalVolumes,
        UsageClass::BuildCache,
    ];
    let rows = classes
        .into_iter()
        .zip(1..)
        .map(|(class, number)| UsageRow {
            class,
            total: Some(number * 10),
            active: Some(number),
            size_bytes: Some(number as i64 * 1000),
            // that of the last cannot be read
            reclaimable_bytes: (number < 4).then_some(-(number as i64)),
        });
    UsageState {
        last: Some(Usage {
            read_at_millis: 1_700_000_000_005,
            took_millis: 350,
            rows: rows.collect(),
        }),
        stale: true,
        reading_since_millis: Some(1_700_000_000_006),
        failure: None,
    }
}

pub fn stats() -> StatsFrame {
    fn column<T>(value: T) -> Column<T> {
        Column {
            keys: vec![ContainerKey(300)],
            values: vec![value],
        }
    }
    StatsFrame {
        at_millis: 1_700_000_000_007,
        reset: true,
        cpu_hundredths: column(1),
        memory_used_bytes: column(2),
        memory_limit_bytes: column(3),
        network_rx_bytes: column(Some(4)),
        network_tx_bytes: column(Some(5)),
        block_read_bytes: column(Some(6)),
        block_write_bytes: column(Some(7)),
        network_rx_rate: column(Some(8)),
        network_tx_rate: column(Some(9)),
        block_read_rate: column(Some(10)),
        block_write_rate: column(None),
        pids: column(Some(12)),
        lost: vec![ContainerKey(301)],
    }
}

pub fn segment() -> Segment {
    Segment {
        start_millis: 1_700_000_000_008,
        steps_millis: vec![0, 1001],
        cpu_hundredths: vec![1, 2],
        memory_used_bytes: vec![3, 4],
        network_rx_rate: vec![None, Some(5)],
        network_tx_rate: vec![Some(6), None],
        block_read_rate: vec![Some(7), Some(8)],
        block_write_rate: vec![Some(9), Some(10)],
        pids: vec![Some(11), Some(12)],
    }
}

pub fn event() -> Item {
    Item::Event(Event {
        time_nano: 1_700_000_000_123_456_789,
        kind: text("container"),
        action: text("start"),
        scope: text("local"),
        actor_id: text("0123"),
        attributes: vec![(text("image"), text("nginx:1.29"))],
        redacted: true,
    })
}
