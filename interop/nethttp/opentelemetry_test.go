package nethttp_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	apitrace "go.opentelemetry.io/otel/trace"
)

// OpenTelemetry's middleware makes a span of each exchange, with route and status, and the handler is within it.
func TestOpenTelemetry(t *testing.T) {
	eachWay(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		exporter := tracetest.NewInMemoryExporter()
		provider := trace.NewTracerProvider(trace.WithSyncer(exporter))
		app.Use(nethttp.Middleware(otelhttp.NewMiddleware("server", otelhttp.WithTracerProvider(provider),
			otelhttp.WithPropagators(propagation.TraceContext{}),
			otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return r.Method + " " + r.Pattern }))))
		app.Get("/goods/<int:n>", func(c *microroute.Context, n int) (string, error) {
			_, span := provider.Tracer("handler").Start(c.Context(), "look up")
			defer span.End()
			if n == 0 {
				return "", &microroute.Error{Status: 503}
			}
			return apitrace.SpanContextFromContext(c.Context()).TraceID().String(), nil
		})
		o := serve()
		const parent = "0af7651916cd43dd8448eb211c80319c"
		for n, status := range map[int]int{0: 503, 7: 200} {
			exporter.Reset()
			response, body := o.get(t, fmt.Sprint("/goods/", n), "Traceparent: 00-"+parent+"-b7ad6b7169203331-01")
			if response.StatusCode != status || status == 200 && body != parent {
				t.Errorf("%d: got %s with %q, want %d in the trace of the client", n, response.Status, body, status)
			}
			spans := exporter.GetSpans()
			if len(spans) != 2 || spans[0].Name != "look up" || spans[1].Name != "GET /goods/<int:n>" || spans[0].Parent.SpanID() != spans[1].SpanContext.SpanID() {
				t.Fatalf("%d: got the spans %v, want the handler's within the server's", n, spans.Snapshots())
			}
			attributes := map[string]string{}
			for _, attribute := range spans[1].Attributes {
				attributes[string(attribute.Key)] = attribute.Value.String()
			}
			for name, want := range map[string]string{"http.response.status_code": fmt.Sprint(status), "http.route": "/goods/<int:n>", "url.path": fmt.Sprint("/goods/", n)} {
				if attributes[name] != want {
					t.Errorf("%d: %s is %q, want %q, among %v", n, name, attributes[name], want, attributes)
				}
			}
		}
	})
}
