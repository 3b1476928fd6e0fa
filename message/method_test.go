package message_test

import (
	"testing"

	"github.com/microroute/microroute/message"
)

func TestKnownMethod(t *testing.T) {
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"} {
		if got := message.KnownMethod([]byte(method)); got != method {
			t.Errorf("KnownMethod(%q) = %q, want the method", method, got)
		}
	}
	for _, tt := range []struct{ rule, method string }{
		{"RFC 9110 section 9.1: methods are case-sensitive", "get"},
		{"RFC 9110 section 9.1: methods are case-sensitive", "Get"},
		{"another method", "PURGE"},
		{"another method of a known one's length", "POSH"},
		{"a prefix", "GE"},
		{"more than a method", "GET "},
		{"none", ""},
	} {
		if got := message.KnownMethod([]byte(tt.method)); got != "" {
			t.Errorf("%s: KnownMethod(%q) = %q, want none", tt.rule, tt.method, got)
		}
	}
}

func TestKnownMethodAllocatesNothing(t *testing.T) {
	method := []byte("OPTIONS")
	if n := testing.AllocsPerRun(100, func() { message.KnownMethod(method) }); n != 0 {
		t.Errorf("KnownMethod(%q) allocates %v times, want 0", method, n)
	}
}

func BenchmarkKnownMethod(b *testing.B) {
	method := []byte("GET")
	b.ReportAllocs()
	for b.Loop() {
		message.KnownMethod(method)
	}
}
