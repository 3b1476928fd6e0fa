package message_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute/message"
)

func ExampleHeader() {
	var h message.Header
	h.Add("Vary", "Accept")
	h.Add("vary", "Cookie")
	h.Set("Cache-Control", "no-cache")
	fmt.Println(h.Get("VARY"), h.Values("Vary"), h.Len())
	// Output: Accept [Accept Cookie] 3
}

// listed writes h as "name=value" pairs in order.
func listed(h *message.Header) string {
	var pairs []string
	for name, value := range h.All() {
		pairs = append(pairs, name+"="+value)
	}
	return strings.Join(pairs, " ")
}

// The same holds for a Header that was made by hand and for one that was cut from a head.
func TestHeader(t *testing.T) {
	const start = "A=1 B=2 a=3 C= A=4"
	byHand := func() *message.Header {
		var h message.Header
		for pair := range strings.FieldsSeq(start) {
			name, value, _ := strings.Cut(pair, "=")
			h.Add(name, value)
		}
		return &h
	}
	cut := func() *message.Header {
		var r message.Request
		read(&r, []byte("GET / HTTP/1.1\r\n"+strings.NewReplacer("=", ": ", " ", "\r\n").Replace(start)+"\r\n\r\n"))
		return &r.Header
	}
	for _, tt := range []struct {
		name   string
		change func(h *message.Header)
		want   string
	}{
		{"order, repeats and case are kept", func(h *message.Header) {}, start},
		{"Add appends", func(h *message.Header) { h.Add("a", "5") }, start + " a=5"},
		{"Set keeps the place of the first", func(h *message.Header) { h.Set("a", "5") }, "a=5 B=2 C="},
		{"Set of a last one", func(h *message.Header) { h.Set("c", "5") }, "A=1 B=2 a=3 c=5 A=4"},
		{"Set of a new one", func(h *message.Header) { h.Set("D", "5") }, start + " D=5"},
		{"Set twice", func(h *message.Header) { h.Set("A", "5"); h.Set("A", "6") }, "A=6 B=2 C="},
		{"Del removes every one", func(h *message.Header) { h.Del("a") }, "B=2 C="},
		{"Del of none", func(h *message.Header) { h.Del("D") }, start},
		{"Del and Add", func(h *message.Header) { h.Del("A"); h.Add("A", "5") }, "B=2 C= A=5"},
		{"Clear", func(h *message.Header) { h.Clear() }, ""},
		{"Clear and Add", func(h *message.Header) { h.Clear(); h.Add("D", "5") }, "D=5"},
	} {
		for kind, h := range map[string]*message.Header{"by hand": byHand(), "cut": cut()} {
			tt.change(h)
			if got := listed(h); got != tt.want {
				t.Errorf("%s, %s: got %q, want %q", tt.name, kind, got, tt.want)
			}
			fields := strings.Fields(tt.want)
			if got, want := h.Len(), len(fields); got != want {
				t.Fatalf("%s, %s: Len = %d, want %d", tt.name, kind, got, want)
			}
			for i, want := range fields {
				if name, value := h.At(i); name+"="+value != want {
					t.Errorf("%s, %s: At(%d) = %q, %q, want %s", tt.name, kind, i, name, value, want)
				}
			}
		}
	}
	for kind, h := range map[string]*message.Header{"by hand": byHand(), "cut": cut(), "empty": {}} {
		empty := kind == "empty"
		if got := h.Get("a"); got != "1" && !empty || empty && got != "" {
			t.Errorf("%s: Get(a) = %q, want the first value", kind, got)
		}
		if got := h.Values("a"); !slices.Equal(got, []string{"1", "3", "4"}) && !empty || empty && got != nil {
			t.Errorf("%s: Values(a) = %q, want all in order", kind, got)
		}
		if h.Has("c") == empty || h.Has("D") || h.Get("D") != "" || h.Values("D") != nil {
			t.Errorf("%s: Has(c) = %t, Has(D) = %t, Get(D) = %q, Values(D) = %q", kind, h.Has("c"), h.Has("D"), h.Get("D"), h.Values("D"))
		}
	}
}

func TestHeaderAllStops(t *testing.T) {
	var h message.Header
	h.Add("A", "1")
	h.Add("B", "2")
	for name := range h.All() {
		if name != "A" {
			t.Errorf("%s came after the loop was left", name)
		}
		break
	}
}

func TestHeaderClone(t *testing.T) {
	buf := []byte("GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\n\r\n")
	var r message.Request
	read(&r, buf)
	clone := r.Header.Clone()
	clone.Set("A", "changed")
	clone.Add("C", "3")
	if got := listed(&r.Header); got != "A=1 B=2" {
		t.Errorf("after the clone was changed, the original is %q, want A=1 B=2", got)
	}
	r.Header.Set("B", "changed")
	read(&r, []byte("GET / HTTP/1.1\r\nX: 1\r\nY: 2\r\n\r\n"))
	clear(buf)
	if got := listed(&clone); got != "A=changed B=2 C=3" {
		t.Errorf("after the original was changed and used again, the clone is %q, want A=changed B=2 C=3", got)
	}
}

// Values gives a slice away.
func TestHeaderValuesAreTheCallers(t *testing.T) {
	var h message.Header
	h.Add("A", "1")
	h.Values("A")[0] = "changed"
	if got := h.Get("A"); got != "1" {
		t.Errorf("Get(A) = %q after the slice of Values was changed, want 1", got)
	}
}

// A Header that has been used keeps its memory for the next message.
func TestHeaderReuseAllocatesNothing(t *testing.T) {
	var h message.Header
	got := testing.AllocsPerRun(100, func() {
		h.Clear()
		h.Add("Content-Type", "text/html")
		h.Set("content-type", "text/plain")
		h.Add("Vary", "Accept")
		h.Del("Vary")
	})
	if got != 0 {
		t.Errorf("%v allocations, want 0", got)
	}
}
