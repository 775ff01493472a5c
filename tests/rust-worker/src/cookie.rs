//! The cookie that carries an id.

use ets_session::store::Id;

const NAME: &str = "__Host-sid";

/// The id in a Cookie header, of whatever shape: what is none leads to no session.
pub fn read(header: &str) -> Option<&str> {
    let mut pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == NAME).map(|(_, value)| value)
}

/// The Set-Cookie header that gives an id.
pub fn give(id: &Id) -> String {
    format!("{NAME}={}; Path=/; Secure; HttpOnly; SameSite=Lax", id.escape_ascii())
}

/// The Set-Cookie header that takes it back.
pub fn take() -> String {
    format!("{NAME}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax")
}
