//! Ports of this machine's loopback address.

use std::net::{Ipv4Addr, TcpListener};

/// A port nobody listens on at this moment.
pub fn free() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Somebody listens on 127.0.0.1 at this port.
pub fn is_taken(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err()
}
