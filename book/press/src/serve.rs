//! A local server for the book, which rebuilds it whenever a file changes.

use crate::{build, document};
use anyhow::{Result, anyhow};
use press::Api;
use std::fs::{self, File};
use std::path::{Component, Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};
use tiny_http::{Header, Response, Server};

/// The polling interval for file changes.
const EVERY: Duration = Duration::from_millis(500);

/// Serves the book until the program is stopped.
///
/// # Errors
/// If the first build fails, or the port is taken.
pub(crate) fn serve(folder: &Path, port: u16) -> Result<()> {
    let api = document(folder)?;
    let site = build(folder, &api)?;
    let server = Server::http(("127.0.0.1", port)).map_err(|error| {
        anyhow!("cannot listen on port {port} ({error}); try --port")
    })?;
    println!("http://localhost:{port}/  (Ctrl-C stops)");
    let watched = folder.to_owned();
    thread::spawn(move || watch(&watched, &api));
    for request in server.incoming_requests() {
        let path = asked_for(&site, request.url());
        let answered = match File::open(&path) {
            Ok(file) => {
                let response = Response::from_file(file);
                request.respond(match kind(&path) {
                    Some(header) => response.with_header(header),
                    None => response,
                })
            }
            Err(_) => request.respond(
                Response::from_string("no such page").with_status_code(404),
            ),
        };
        // A client that has disconnected must not stop the server.
        answered.ok();
    }
    Ok(())
}

/// Returns the file for a URL, never a file outside the site.
fn asked_for(site: &Path, url: &str) -> PathBuf {
    let path = url.split(['?', '#']).next().unwrap_or("");
    // On Windows, a name between two slashes can still be a drive, or have parts.
    let is_name = |part: &&str| {
        let mut parts = Path::new(part).components();
        parts.all(|part| matches!(part, Component::Normal(_)))
    };
    let names = path.split('/').filter(is_name);
    let path = names.fold(site.to_owned(), |path, name| path.join(name));
    if path.is_dir() { path.join("index.html") } else { path }
}

/// Returns the content type of a file, for browsers that do not guess.
fn kind(path: &Path) -> Option<Header> {
    let kind = match path.extension()?.to_str()? {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css",
        "js" => "text/javascript",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        _ => return None,
    };
    Header::from_bytes("Content-Type", kind).ok()
}

/// Rebuilds the book after each change. If a build fails, prints the error and
/// keeps the previous pages.
fn watch(folder: &Path, api: &Api) {
    let mut before = newest(folder);
    loop {
        thread::sleep(EVERY);
        let now = newest(folder);
        if now != before {
            before = now;
            if let Err(error) = build(folder, api) {
                anstream::eprintln!("error: {error:#}");
            }
        }
    }
}

/// Returns the time of the last change to a file of the book.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?;
    let changed = entries.flatten().filter_map(|entry| {
        let path = entry.path();
        let name = entry.file_name();
        match (path.is_dir(), name.to_str()?) {
            // These folders contain no text of the book.
            (true, "press" | "proofread") => None,
            (true, _) => newest(&path),
            (false, _) => entry.metadata().ok()?.modified().ok(),
        }
    });
    changed.max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_outside_of_the_site_is_served() {
        let site = Path::new("site");
        let asked_for = |url| asked_for(site, url);
        assert_eq!(asked_for("/a/b.html?c#d"), site.join("a/b.html"));
        assert_eq!(asked_for("/../../a.html"), site.join("a.html"));
        assert_eq!(asked_for("//etc/./passwd"), site.join("etc/passwd"));
        #[cfg(windows)]
        assert_eq!(asked_for(r"/C:\a/..\b/c.html"), site.join("c.html"));
    }
}
