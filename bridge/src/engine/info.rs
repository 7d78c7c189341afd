//! What `docker version` and `docker info` tell.

use bollard::models::{SystemInfo, SystemVersion};
use protocol::{Component, EngineInfo};
use serde_json::Value;
use tokio::time::timeout;

use super::{
    clock,
    transport::{Call, Failure, Route, Spoken, Transport},
    value::{self, Fields},
};

/// `/version`, which settles the version of all later calls.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Version {
    pub spoken: Spoken,
    pub version: String,
    pub components: Vec<Component>,
}

pub async fn version(transport: &Transport) -> Result<Version, Failure> {
    let client = transport.typed()?;
    match typed(transport, Route::Version, client.version()).await {
        Ok(version) => Ok(of_typed_version(version)),
        Err(failure) => match failure {
            // a word that the typed client does not know: read what is needed without it
            Failure::Unreadable(_) => {
                let answer = transport.get(Call::Version).await?;
                let value: Value = serde_json::from_slice(&answer.body).map_err(|_| {
                    Failure::NotAnEngine("its answer to /version is not JSON".to_owned())
                })?;
                Ok(of_raw_version(&value))
            }
            other => Err(other),
        },
    }
}

/// With the status with which `/info` was refused: then everything but what `/version` told is empty. A daemon that only
/// fails to answer this time leaves what is known.
pub async fn engine(
    transport: &Transport,
    version: &Version,
    known: Option<EngineInfo>,
) -> Result<(EngineInfo, Option<u16>), Failure> {
    let client = transport.typed()?;
    let mut refused = None;
    let mut read_at_millis = clock::now_millis();
    let mut info = match typed(transport, Route::Info, client.info()).await {
        Ok(info) => of_typed(info),
        Err(failure) => match failure {
            Failure::Unreadable(_) => {
                let answer = transport.get(Call::Info).await?;
                let value: Value = serde_json::from_slice(&answer.body)
                    .map_err(|error| Failure::Unreadable(value::fault(&error)))?;
                of_raw(&value)
            }
            Failure::Status { status, message } => match known.filter(|_| status >= 500) {
                Some(known) => {
                    tracing::warn!("the engine's own facts: status {status}: {message}");
                    read_at_millis = known.read_at_millis;
                    known
                }
                None => {
                    refused = Some(status);
                    EngineInfo::default()
                }
            },
            other => return Err(other),
        },
    };
    info.version.clone_from(&version.version);
    info.components.clone_from(&version.components);
    info.api_version = transport.version().to_string();
    info.api_version_max.clone_from(&version.spoken.newest);
    info.api_version_min.clone_from(&version.spoken.oldest);
    info.read_at_millis = read_at_millis;
    Ok((info, refused))
}

/// The typed client itself waits for the rest of an answer as long as it takes.
async fn typed<T>(
    transport: &Transport,
    route: Route,
    answer: impl Future<Output = Result<T, bollard::errors::Error>>,
) -> Result<T, Failure> {
    let limit = transport.time_limit(route) * 2;
    match timeout(limit, answer).await {
        Ok(answer) => answer.map_err(failure),
        Err(_) => Err(Failure::Silent(limit)),
    }
}

/// What the door said reaches us through bollard's error.
fn failure(error: bollard::errors::Error) -> Failure {
    use bollard::errors::Error;
    match error {
        Error::IOError { err } => match err.downcast::<Failure>() {
            Ok(failure) => failure,
            Err(error) => Failure::Closed(error.to_string()),
        },
        Error::DockerResponseServerError {
            status_code,
            message,
        } => Failure::Status {
            status: status_code,
            message,
        },
        Error::JsonDataError { .. } | Error::JsonSerdeError { .. } => {
            Failure::Unreadable("the typed client cannot read it".to_owned())
        }
        other => Failure::Closed(other.to_string()),
    }
}

fn of_typed_version(version: SystemVersion) -> Version {
    Version {
        spoken: Spoken {
            newest: version.api_version.unwrap_or_default(),
            oldest: version.min_api_version.unwrap_or_default(),
        },
        version: version.version.unwrap_or_default(),
        components: version
            .components
            .unwrap_or_default()
            .into_iter()
            .map(|component| Component {
                name: component.name,
                version: component.version,
            })
            .collect(),
    }
}

fn of_raw_version(value: &Value) -> Version {
    Version {
        spoken: Spoken {
            newest: value.text("ApiVersion"),
            oldest: value.text("MinAPIVersion"),
        },
        version: value.text("Version"),
        components: value
            .list("Components")
            .iter()
            .map(|component| Component {
                name: component.text("Name"),
                version: component.text("Version"),
            })
            .collect(),
    }
}

fn of_typed(info: SystemInfo) -> EngineInfo {
    let count = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok());
    EngineInfo {
        id: info.id.unwrap_or_default(),
        name: info.name.unwrap_or_default(),
        operating_system: info.operating_system.unwrap_or_default(),
        os_type: info.os_type.unwrap_or_default(),
        architecture: info.architecture.unwrap_or_default(),
        kernel: info.kernel_version.unwrap_or_default(),
        storage_driver: info.driver.unwrap_or_default(),
        logging_driver: info.logging_driver.unwrap_or_default(),
        cgroup_driver: info
            .cgroup_driver
            .map(|word| word.to_string())
            .unwrap_or_default(),
        cgroup_version: info
            .cgroup_version
            .map(|word| word.to_string())
            .unwrap_or_default(),
        root_dir: info.docker_root_dir.unwrap_or_default(),
        cpus: info.ncpu.and_then(|cpus| u32::try_from(cpus).ok()),
        memory_bytes: count(info.mem_total),
        containers: count(info.containers),
        containers_running: count(info.containers_running),
        containers_paused: count(info.containers_paused),
        containers_stopped: count(info.containers_stopped),
        images: count(info.images),
        debug: info.debug,
        goroutines: count(info.n_goroutines),
        file_descriptors: count(info.nfd),
        event_listeners: count(info.n_events_listener),
        swarm: info
            .swarm
            .and_then(|swarm| swarm.local_node_state)
            .map(|state| state.to_string())
            .unwrap_or_default(),
        warnings: info.warnings.unwrap_or_default(),
        ..EngineInfo::default()
    }
}

fn of_raw(info: &Value) -> EngineInfo {
    let count = |name: &str| info.told_count(name);
    EngineInfo {
        id: info.text("ID"),
        name: info.text("Name"),
        operating_system: info.text("OperatingSystem"),
        os_type: info.text("OSType"),
        architecture: info.text("Architecture"),
        kernel: info.text("KernelVersion"),
        storage_driver: info.text("Driver"),
        logging_driver: info.text("LoggingDriver"),
        cgroup_driver: info.text("CgroupDriver"),
        cgroup_version: info.text("CgroupVersion"),
        root_dir: info.text("DockerRootDir"),
        cpus: count("NCPU").and_then(|cpus| u32::try_from(cpus).ok()),
        memory_bytes: count("MemTotal"),
        containers: count("Containers"),
        containers_running: count("ContainersRunning"),
        containers_paused: count("ContainersPaused"),
        containers_stopped: count("ContainersStopped"),
        images: count("Images"),
        debug: info.field("Debug").as_bool(),
        goroutines: count("NGoroutines"),
        file_descriptors: count("NFd"),
        event_listeners: count("NEventsListener"),
        swarm: info.field("Swarm").text("LocalNodeState"),
        warnings: info.texts("Warnings"),
        ..EngineInfo::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSIONS: [(&[u8], &str); 2] = [
        (
            include_bytes!("../../tests/captures/v20/version.json"),
            "1.41",
        ),
        (
            include_bytes!("../../tests/captures/v28/version.json"),
            "1.51",
        ),
    ];
    const INFOS: [&[u8]; 2] = [
        include_bytes!("../../tests/captures/v20/info.json"),
        include_bytes!("../../tests/captures/v28/info.json"),
    ];

    #[test]
    fn both_readers_say_the_same() {
        for (body, api) in VERSIONS {
            let typed = of_typed_version(serde_json::from_slice(body).unwrap());
            assert_eq!(
                typed,
                of_raw_version(&serde_json::from_slice(body).unwrap())
            );
            assert_eq!(typed.spoken.newest, api);
            assert_eq!(typed.components[0].name, "Engine");
        }
        for body in INFOS {
            let typed = of_typed(serde_json::from_slice(body).unwrap());
            assert_eq!(typed, of_raw(&serde_json::from_slice(body).unwrap()));
            assert_eq!(typed.storage_driver, "overlay2");
            assert_eq!(typed.cgroup_version, "1");
            assert_eq!(typed.swarm, "inactive");
            assert!(typed.goroutines > Some(0) && typed.cpus > Some(0));
            assert!(typed.containers > Some(0) && typed.images > Some(0));
            assert_eq!(
                (typed.debug, typed.containers_paused),
                (Some(true), Some(1))
            );
        }
    }

    #[test]
    fn odd_answers_are_empty_fields() {
        let info = of_raw(&serde_json::json!({
            "Driver": null, "CgroupVersion": "3", "NCPU": "2", "Warnings": null,
            "MemTotal": -1, "Containers": [5], "ContainersRunning": null, "ContainersPaused": 0,
            "ContainersStopped": "many", "Images": 1.5, "Debug": "yes",
        }));
        assert_eq!(
            info,
            EngineInfo {
                cgroup_version: "3".to_owned(),
                cpus: Some(2),
                containers_paused: Some(0),
                ..EngineInfo::default()
            }
        );
        assert_eq!(of_raw_version(&serde_json::json!([])), Version::default());
    }
}
