package nethttp_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// An App counts its own answers by Prometheus' middleware, and shows them to a scrape.
func TestPrometheus(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		registry := prometheus.NewRegistry()
		answers := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "answers"}, []string{"code", "method"})
		sizes := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "sizes", Buckets: []float64{10, 100_000}}, nil)
		busy := prometheus.NewGauge(prometheus.GaugeOpts{Name: "busy"})
		registry.MustRegister(answers, sizes, busy)
		counted := app.With(nethttp.Middleware(
			func(next http.Handler) http.Handler { return promhttp.InstrumentHandlerCounter(answers, next) },
			func(next http.Handler) http.Handler { return promhttp.InstrumentHandlerResponseSize(sizes, next) },
			func(next http.Handler) http.Handler { return promhttp.InstrumentHandlerInFlight(busy, next) },
		))
		counted.Get("/ok", func(*microroute.Context) string { return "ok" })
		counted.Get("/long", func(*microroute.Context) string { return strings.Repeat("long", 1000) })
		counted.Post("/error", func(*microroute.Context) error { return errors.New("disk") })
		counted.Get("/gone", func(*microroute.Context) error { return &microroute.Error{Status: 410} })
		app.Get("/metrics", nethttp.Serve(promhttp.HandlerFor(registry, promhttp.HandlerOpts{})))

		o := serve()
		for range 3 {
			o.get(t, "/ok")
		}
		o.get(t, "/long")
		o.do(t, "POST", "/error", nil)
		o.get(t, "/gone")
		response, body := o.get(t, "/metrics")
		if !strings.HasPrefix(response.Header.Get("Content-Type"), "text/plain; version=0.0.4") {
			t.Errorf("got the type %q, want Prometheus' text", response.Header.Get("Content-Type"))
		}
		for _, want := range []string{
			`answers{code="200",method="get"} 4`, `answers{code="410",method="get"} 1`, `answers{code="500",method="post"} 1`,
			`sizes_bucket{le="10"} 3`, `sizes_count 6`, `busy 0`,
		} {
			if !strings.Contains(body, want+"\n") {
				t.Errorf("%q is not in\n%s", want, body)
			}
		}
		if _, compressed := o.get(t, "/metrics", "Accept-Encoding: gzip"); !strings.HasPrefix(compressed, "\x1f\x8b") {
			t.Errorf("a scrape that takes gzip got %.40q", compressed)
		}
	})
}
