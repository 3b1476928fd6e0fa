package message_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute/message"
)

func ExampleParseArgs() {
	args := message.ParseArgs("name=J%C3%BCrgen+M&tag=a&tag=b&draft")
	fmt.Println(args.Get("name"), args.Values("tag"), args.Has("draft"), args.Get("draft") == "")
	// Output: Jürgen M [a b] true true
}

func TestParseArgs(t *testing.T) {
	for _, tt := range []struct {
		name, query string
		want        []string // name, value, name, value …
	}{
		{"empty", "", nil},
		{"one", "a=1", []string{"a", "1"}},
		{"order and repeats are kept", "b=2&a=1&b=3", []string{"b", "2", "a", "1", "b", "3"}},
		{"no = means no value", "a&b=&=c", []string{"a", "", "b", "", "", "c"}},
		{"only the first = separates", "a=b=c", []string{"a", "b=c"}},
		{"empty pairs are left out", "&&a=1&&b=2&", []string{"a", "1", "b", "2"}},
		{"a lone =", "=", []string{"", ""}},
		{"+ is a space", "a+b=c+d", []string{"a b", "c d"}},
		{"escapes are decoded after the pairs are split", "a%3Db=c%26d", []string{"a=b", "c&d"}},
		{"an escaped + is a +", "a=1%2B1", []string{"a", "1+1"}},
		{"malformed escapes stand for themselves", "a=100%&b=%zz%4", []string{"a", "100%", "b", "%zz%4"}},
		{"names are compared exactly", "A=1&a=2", []string{"A", "1", "a", "2"}},
		{"a semicolon separates nothing", "a=1;b=2", []string{"a", "1;b=2"}},
		{"octets beyond UTF-8", "a=%ff%00", []string{"a", "\xff\x00"}},
	} {
		args := message.ParseArgs(tt.query)
		var got []string
		for name, value := range args.All() {
			got = append(got, name, value)
			if first := args.Get(name); !args.Has(name) || !slices.Contains(args.Values(name), value) || first != args.Values(name)[0] {
				t.Errorf("%s: %q: Get(%q) = %q, Values = %q, Has = %t", tt.name, tt.query, name, first, args.Values(name), args.Has(name))
			}
		}
		if !slices.Equal(got, tt.want) || args.Len() != len(tt.want)/2 {
			t.Errorf("%s: ParseArgs(%q) = %q with %d pairs, want %q", tt.name, tt.query, got, args.Len(), tt.want)
		}
		if args.Has("none") || args.Get("none") != "" || args.Values("none") != nil {
			t.Errorf("%s: %q has a value for %q", tt.name, tt.query, "none")
		}
	}
}

// What needs no decoding is cut from the query.
func TestArgsParseAllocates(t *testing.T) {
	var args message.Args
	if got := testing.AllocsPerRun(100, func() { args.Parse("page=1&size=20&sort=name") }); got != 0 {
		t.Errorf("plain pairs: %v allocations, want 0", got)
	}
	if got := testing.AllocsPerRun(100, func() { args.Parse("page=1&name=a+b") }); got != 1 {
		t.Errorf("one value to decode: %v allocations, want 1", got)
	}
}

// The query of a request is parsed when its parameters are first asked for, and costs the copy of the head.
func TestArgsAreLazy(t *testing.T) {
	buf := []byte("GET /?x=1&y=2 HTTP/1.1\r\nHost: a\r\n\r\n")
	var r message.Request
	for _, tt := range []struct {
		name string
		ask  func()
		want float64
	}{
		{"not asked", func() {}, 0},
		{"Get", func() { r.Args.Get("y") }, 1},
		{"Has", func() { r.Args.Has("y") }, 1},
		{"Len", func() { r.Args.Len() }, 1},
		{"Get, Values and All", func() {
			r.Args.Get("x")
			r.Args.Len()
			for range r.Args.All() {
			}
		}, 1},
	} {
		got := testing.AllocsPerRun(100, func() {
			read(&r, buf)
			tt.ask()
		})
		if got -= 1; got != tt.want { // read makes a string of the method
			t.Errorf("%s: %v allocations, want %v", tt.name, got, tt.want)
		}
	}
	read(&r, buf)
	r.Args.Add("z", "3")
	if got := r.Args.Get("x") + r.Args.Get("y") + r.Args.Get("z"); got != "123" {
		t.Errorf("%q and Add(z, 3): x, y and z are %q, want 123", buf, got)
	}
	r.Args.Clear()
	if got := r.Args.Len(); got != 0 {
		t.Errorf("%d pairs after Clear, want 0", got)
	}
}

func TestArgsAllStops(t *testing.T) {
	args := message.ParseArgs("a=1&b=2")
	for name := range args.All() {
		if name != "a" {
			t.Errorf("%s came after the loop was left", name)
		}
		break
	}
}

// Where net/url understands a query, we understand the same.
func FuzzParseArgs(f *testing.F) {
	for _, query := range []string{"", "a=1&b=2&a=3", "a", "=", "&", "a=b=c", "a+b=%20%2B", "a=%zz", "a;b", "%=%", "a=%C3%A9"} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		args := message.ParseArgs(query)
		pairs := 0
		for name := range args.All() {
			pairs++
			if !args.Has(name) {
				t.Errorf("%q: All yields %q, Has does not know it", query, name)
			}
		}
		if args.Len() != pairs || pairs > strings.Count(query, "&")+1 {
			t.Errorf("%q: Len = %d, All yields %d pairs", query, args.Len(), pairs)
		}
		reference, err := url.ParseQuery(query)
		if err != nil {
			return // a semicolon or a malformed escape
		}
		total := 0
		for name, want := range reference {
			total += len(want)
			if got := args.Values(name); !slices.Equal(got, want) || args.Get(name) != want[0] {
				t.Errorf("%q: Values(%q) = %q, net/url has %q", query, name, got, want)
			}
		}
		if total != pairs {
			t.Errorf("%q: %d pairs, net/url has %d", query, pairs, total)
		}
	})
}
