package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/microroute/microroute/microroutetest"
)

// visit returns a client of the App, whose backend answers with what it has been asked.
func visit(t *testing.T, boil func(context.Context) (string, error)) *microroutetest.Client {
	t.Helper()
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Method, " ", r.URL, " for ", r.Header.Get("X-Forwarded-Host"))
	}))
	t.Cleanup(backend.Close)
	target, err := url.Parse(backend.URL)
	if err != nil {
		t.Fatal(err)
	}
	return microroutetest.New(t, newApp(target, boil))
}

func TestHandlers(t *testing.T) {
	client := visit(t, boil)
	var variables map[string]any
	if err := json.Unmarshal([]byte(client.Get("/debug/vars").Want(200).Body), &variables); err != nil || variables["cmdline"] == nil {
		t.Errorf("got %v, %v, want the variables of the program", variables, err)
	}
	client.Get("/debug/pprof/").Want(200).WantContains("goroutine")
	client.Get("/debug/pprof").Want(307).WantHeader("Location", "/debug/pprof/")
	client.Get("/api/tea?kind=green").Want(200).WantContains("GET /tea?kind=green for ")
}

func TestMiddleware(t *testing.T) {
	client := visit(t, boil)
	number := client.Get("/number").Want(200)
	if n := number.Header.Get("X-Number"); n == "" || number.Body != "You are number "+n+"." {
		t.Errorf("got %q with X-Number %q, want the same number", number.Body, n)
	}
	client.Post("/order", "text/plain", "tea").Want(200, "Thank you!")
	client.Do("POST", "/order", "text/plain", "tea", "Sec-Fetch-Site", "cross-site").Want(403)
}

func TestTimeout(t *testing.T) {
	visit(t, boil).Get("/tea").Want(200, "Here it is.")
	never := func(ctx context.Context) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	}
	visit(t, never).Get("/tea").Want(503, "This takes too long.")
}

func TestExchange(t *testing.T) {
	client := visit(t, boil)
	report := client.Get("/report/june").Want(200, "We have drunk a lot of tea.\n")
	report.WantHeader("Content-Type", "text/plain; charset=utf-8").WantHeader("Last-Modified", "Wed, 01 Jul 2026 00:00:00 GMT")
	client.Get("/report/july").Want(404)
}
