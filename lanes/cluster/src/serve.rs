//! Who answers: one scheduler, which plans a query and deals its work out, and executors, which
//! read the files and do it. What is sent is not encrypted and nobody signs in, so both listen on
//! an address that only machines of the cluster reach.

use std::{net::SocketAddr, path::Path, sync::Arc};

use ballista_core::{
    config::TaskSchedulingPolicy, error::Result, extension::ballista_scalar_functions,
    registry::BallistaFunctionRegistry,
};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::{
    cluster::BallistaCluster,
    config::SchedulerConfig,
    scheduler_process::{create_scheduler, start_grpc_service_with_listener},
};
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use tokio::net::TcpListener;

use crate::wire::{MESSAGE_BYTES, Wire};

/// An executor that says nothing for so long is taken for gone, and its work is done by others.
const GONE_AFTER_SECONDS: u64 = 15;
/// How often an executor says that it is there.
const BEAT_SECONDS: u64 = 2;
/// How long an executor waits for the scheduler.
const CONNECT_SECONDS: u16 = 30;

/// What an executor may use, and where it is.
#[derive(Debug, Clone)]
pub struct Executor<'e> {
    /// The host and the port of the scheduler.
    pub scheduler: (&'e str, u16),
    /// The address at which it hands over rows and takes work; the other executors and whoever
    /// asks reach it there.
    pub host: &'e str,
    /// The ports of these two.
    pub ports: (u16, u16),
    /// The folder for rows on their way and for what does not fit into memory.
    pub work: &'e Path,
    /// Threads, each of which does a part of the work.
    pub threads: usize,
    /// Bytes of memory for work that holds rows.
    pub memory_bytes: u64,
}

/// Serves as the scheduler until the process ends; it is ready once so many executors are there.
///
/// # Errors
/// Where it cannot listen, or the engine is not to be had.
pub async fn scheduler(listener: TcpListener, executors: usize) -> Result<()> {
    let address: SocketAddr = listener.local_addr()?;
    let bytes = u32::try_from(MESSAGE_BYTES).unwrap_or(u32::MAX);
    let config = SchedulerConfig {
        external_host: address.ip().to_string(),
        bind_host: address.ip().to_string(),
        bind_port: address.port(),
        scheduling_policy: TaskSchedulingPolicy::PushStaged,
        grpc_server_max_decoding_message_size: bytes,
        grpc_server_max_encoding_message_size: bytes,
        grpc_client_max_message_size: bytes,
        min_ready_executors: executors,
        executor_timeout_seconds: GONE_AFTER_SECONDS,
        expire_dead_executor_interval_seconds: BEAT_SECONDS,
        no_executors_grace_period_seconds: GONE_AFTER_SECONDS,
        override_logical_codec: Some(Arc::new(Wire::default())),
        override_physical_codec: Some(Arc::new(Wire::default())),
        ..SchedulerConfig::default()
    };
    let cluster = BallistaCluster::new_from_config(&config).await?;
    let config = Arc::new(config);
    let scheduler = create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, config).await?;
    start_grpc_service_with_listener(listener, scheduler).await
}

/// All functions that a session knows: Ballista's own list leaves those of lists out.
fn functions() -> BallistaFunctionRegistry {
    let named = ballista_scalar_functions().into_iter().map(|own| (own.name().to_owned(), own));
    BallistaFunctionRegistry {
        scalar_functions: named.collect(),
        ..BallistaFunctionRegistry::default()
    }
}

/// Serves as an executor until the process ends.
///
/// # Errors
/// Where it cannot listen, or does not reach the scheduler.
pub async fn executor(own: Executor<'_>) -> Result<()> {
    let bytes = u32::try_from(MESSAGE_BYTES).unwrap_or(u32::MAX);
    let config = ExecutorProcessConfig {
        bind_host: own.host.to_owned(),
        external_host: Some(own.host.to_owned()),
        port: own.ports.0,
        grpc_port: own.ports.1,
        scheduler_host: own.scheduler.0.to_owned(),
        scheduler_port: own.scheduler.1,
        scheduler_connect_timeout_seconds: CONNECT_SECONDS,
        vcores: own.threads,
        task_scheduling_policy: TaskSchedulingPolicy::PushStaged,
        work_dir: Some(own.work.to_string_lossy().into_owned()),
        job_data_ttl_seconds: 600,
        job_data_clean_up_interval_seconds: 60,
        grpc_max_decoding_message_size: bytes,
        grpc_max_encoding_message_size: bytes,
        executor_heartbeat_interval_seconds: BEAT_SECONDS,
        memory_pool_size: Some(own.memory_bytes),
        override_function_registry: Some(Arc::new(functions())),
        override_logical_codec: Some(Arc::new(Wire::default())),
        override_physical_codec: Some(Arc::new(Wire::default())),
        ..ExecutorProcessConfig::default()
    };
    start_executor_process(Arc::new(config)).await
}
