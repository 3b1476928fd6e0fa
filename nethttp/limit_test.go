package nethttp_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

func ExampleLimitHead() {
	app := microroute.New()
	handler := nethttp.LimitHead(nethttp.Handler(app), microroute.Limits{Target: 1000})

	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", "/"+strings.Repeat("a", 1000), nil))
	fmt.Println(w.Code)
	// Output: 414
}

func TestLimitHead(t *testing.T) {
	served := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	for _, tt := range []struct {
		limits microroute.Limits
		target string
		fields int
		status int
	}{
		{microroute.Limits{Target: 3, Fields: 2}, "/ab", 2, 200},
		{microroute.Limits{Target: 3, Fields: 2}, "/abc", 2, 414},
		{microroute.Limits{Target: 3, Fields: 2}, "/ab", 3, 431},
		{microroute.Limits{}, "/abc", 3, 200},
		{microroute.Limits{Target: -1, Fields: -1}, "/abc", 3, 200},
	} {
		r := httptest.NewRequest("GET", tt.target, nil)
		for range tt.fields {
			r.Header.Add("X", "1")
		}
		w := httptest.NewRecorder()
		nethttp.LimitHead(served, tt.limits).ServeHTTP(w, r)
		if w.Code != tt.status {
			t.Errorf("%+v, %s with %d fields: got %d, want %d", tt.limits, tt.target, tt.fields, w.Code, tt.status)
		}
	}
}
