//! Plans: what an organisation may ask for, and what every response says about it.

use std::process::Command;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Server, answer, code};

/// 2024-11-23T10:01:00Z, when the minute ends that tests begin in.
const MINUTE_ENDS: &str = "1732356060";
const UNCOUNTED: &str = "2147483647";

fn set_plan(server: &Server, plan: &str) -> Value {
    let mut set = Command::new(env!("CARGO_BIN_EXE_docextract"));
    set.args(["plan", "set", plan, "--data-dir"]).arg(server.folder.path());
    let output = set.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The status and the rate limit headers of a GET.
async fn ask(server: &Server, key: Option<&str>, path: &str) -> (u16, [String; 3]) {
    let mut request = server.request(Method::GET, path);
    if let Some(key) = key {
        request = request.bearer_auth(key);
    }
    let response = request.send().await.unwrap();
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    let headers = ["limit", "remaining", "reset"].map(|name| header(&format!("x-ratelimit-{name}")));
    (response.status().as_u16(), headers)
}

/// Waits until the server has noticed a plan that another process set: a moment, as the guide says.
async fn notices(server: &Server, limit: &str) {
    let noticed = async { while ask(server, Some(&server.live), "/v1/credits").await.1[0] != limit {} };
    tokio::time::timeout(Duration::from_secs(30), noticed).await.expect("the plan is not noticed");
}

#[tokio::test]
async fn every_response_tells_how_much_is_left_also_where_nothing_is_counted() {
    let server = Server::start().await;
    let uncounted = [UNCOUNTED, UNCOUNTED, MINUTE_ENDS].map(str::to_owned);
    let live = server.live.clone();
    for (key, path, status) in [
        (Some(live.as_str()), "/v1/credits", 200),
        (Some(live.as_str()), "/v1/nothing", 404),
        (Some("sk_live_wrong"), "/v1/credits", 401),
        (None, "/v1/credits", 401),
        (None, "/health/live", 200),
        (None, "/health/ready", 200),
        (None, "/docs/errors", 200),
        (None, "/", 200),
    ] {
        assert_eq!(ask(&server, key, path).await, (status, uncounted.clone()), "{path}");
    }
}

#[tokio::test]
async fn a_plan_holds_for_all_keys_across_a_restart_until_its_window_ends() {
    let server = Server::start().await;
    let printed = set_plan(&server, "free");
    let limits = json!({"requests_per_minute": 10, "requests_per_hour": 100, "concurrent_jobs": 2});
    assert_eq!((&printed["plan"], &printed["limits"]), (&json!("free"), &limits));
    notices(&server, "10").await;
    let (_, [_, left, reset]) = ask(&server, Some(&server.live), "/v1/webhooks").await;
    assert_eq!((left.as_str(), reset.as_str()), ("8", MINUTE_ENDS));
    // A request that is refused for another reason was one all the same.
    assert_eq!(ask(&server, Some(&server.live), "/v1/documents/job_1").await.1[1], "7");
    let server = server.restart().await;
    for left in (0..7).rev() {
        let (status, headers) = ask(&server, Some(&server.live), "/v1/credits").await;
        assert_eq!((status, headers[1].clone()), (200, left.to_string()));
    }
    server.clock.advance_ms(20_500);
    let response = server.request(Method::POST, "/v1/events").bearer_auth(&server.live).send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "40");
    assert_eq!(response.headers()["x-ratelimit-remaining"], "0");
    assert_eq!(code(&answer(response).await), "429 rate_limit_exceeded");
    server.clock.advance_ms(39_500);
    let (status, headers) = ask(&server, Some(&server.live), "/v1/credits").await;
    assert_eq!((status, headers[1].as_str()), (200, "9"), "what was refused is not counted");
}

#[tokio::test]
async fn requests_at_once_are_counted_each() {
    let server = Server::start().await;
    set_plan(&server, "free");
    notices(&server, "10").await;
    let many = (0..40).map(|_| ask(&server, Some(&server.live), "/v1/credits"));
    let answers = futures_util::future::join_all(many).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 9);
    assert_eq!(answers.iter().filter(|(status, _)| *status == 429).count(), 31);
}
