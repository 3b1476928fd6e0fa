package faults_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// toxic is what a proxy does to the octets of one direction, as toxiproxy describes it.
type toxic struct {
	Type       string         `json:"type"`
	Stream     string         `json:"stream"` // "upstream" to the server, or "downstream" to the client
	Attributes map[string]int `json:"attributes"`
	breaks     bool           // connections
}

func (x toxic) String() string { return fmt.Sprint(x.Type, " ", x.Stream, " ", x.Attributes) }

// toxics returns all that are known, each in both directions. Times are in milliseconds, but that of the slicer in
// microseconds; the rate is in kilobytes a second.
func toxics() (all []toxic) {
	for _, direction := range []string{"upstream", "downstream"} {
		all = append(all,
			toxic{"latency", direction, map[string]int{"latency": 20, "jitter": 15}, false},
			toxic{"bandwidth", direction, map[string]int{"rate": 200}, false},
			toxic{"slicer", direction, map[string]int{"average_size": 1, "size_variation": 0, "delay": 1}, false},
			toxic{"slow_close", direction, map[string]int{"delay": 100}, false},
			toxic{"timeout", direction, map[string]int{"timeout": 100}, true},
			toxic{"reset_peer", direction, map[string]int{"timeout": 0}, true},
			toxic{"reset_peer", direction, map[string]int{"timeout": 5}, true},
			toxic{"limit_data", direction, map[string]int{"bytes": 100}, true}, // within a head
			toxic{"limit_data", direction, map[string]int{"bytes": 5000}, true},
		)
	}
	return all
}

// startProxy runs a proxy to a server until the test ends, and returns its address.
func startProxy(t *testing.T, server string, x toxic) string {
	t.Helper()
	quiet := zerolog.Nop()
	proxy := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), quiet), "proxy", "127.0.0.1:0", server)
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	text, err := json.Marshal(x)
	if err == nil {
		_, err = proxy.Toxics.AddToxicJson(strings.NewReader(string(text)))
	}
	if err != nil {
		t.Fatalf("%v: %v", x, err)
	}
	return proxy.Listen
}
