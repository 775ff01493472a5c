//! A Worker in Rust that keeps its sessions in a table.

mod cookie;
mod sessions;

use ets_session::error::Error;
use sessions::Sessions;
use std::cell::RefCell;
use worker::{Context, Date, Env, Method, Request, Response, Result, event};

thread_local! {
    // One for the isolate. The first request makes it: random bytes cannot be had before that.
    static SESSIONS: RefCell<Option<Sessions>> = const { RefCell::new(None) };
}

/// Lends the sessions out for as long as nothing waits, so that no two requests have them at once.
fn with_sessions<T>(work: impl FnOnce(&mut Sessions, f64) -> std::result::Result<T, Error>) -> Result<T> {
    let now = Date::now().as_millis() as f64;
    let work = |sessions: &mut Option<Sessions>| {
        let sessions = match sessions {
            Some(sessions) => sessions,
            none => none.insert(Sessions::new(random)?),
        };
        work(sessions, now)
    };
    SESSIONS.with_borrow_mut(work).map_err(|error| worker::Error::RustError(error.to_string()))
}

fn random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("every Worker has Web Crypto");
}

#[event(fetch)]
async fn fetch(request: Request, _env: Env, _context: Context) -> Result<Response> {
    let header = request.headers().get("cookie")?.unwrap_or_default();
    let cookie = cookie::read(&header);
    match (request.method(), request.path().as_str()) {
        (Method::Get, "/") => {
            let visitor = with_sessions(|sessions, now| sessions.visit(cookie, now))?;
            let name = if visitor.user.is_empty() { "stranger" } else { &visitor.user };
            let response = Response::ok(format!("{name}, visit {}", visitor.visits))?;
            if visitor.is_new {
                response.headers().set("set-cookie", &cookie::give(&visitor.id))?;
            }
            Ok(response)
        }
        // Whoever asks is believed: the password is not what is shown here.
        (Method::Post, "/login") => {
            let Some(cookie) = cookie else { return Response::error("no session", 403) };
            let url = request.url()?;
            let Some((_, user)) = url.query_pairs().find(|(name, _)| name == "user") else {
                return Response::error("which user?", 400);
            };
            match with_sessions(|sessions, now| sessions.login(cookie, &user, now))? {
                Some(id) => {
                    let response = Response::ok("welcome")?;
                    response.headers().set("set-cookie", &cookie::give(&id))?;
                    Ok(response)
                }
                None => Response::error("no session", 403),
            }
        }
        (Method::Post, "/logout") => {
            if let Some(cookie) = cookie {
                with_sessions(|sessions, now| {
                    sessions.logout(cookie, now);
                    Ok(())
                })?;
            }
            let response = Response::ok("goodbye")?;
            response.headers().set("set-cookie", &cookie::take())?;
            Ok(response)
        }
        _ => Response::error("not found", 404),
    }
}
