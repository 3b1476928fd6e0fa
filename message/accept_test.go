package message_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute/message"
)

func TestPreferType(t *testing.T) {
	const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
	const java = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
	const specification = "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5"

	for _, tt := range []struct {
		rule, accept string
		offers       []string
		want         string
	}{
		{"absent: the first offer", "", []string{"text/html", "application/json"}, "text/html"},
		{"nothing well-formed: as absent", ";;, text, /html", []string{"text/html", "application/json"}, "text/html"},
		{"no offers", "text/html", nil, ""},
		{"no offers, absent", "", nil, ""},
		{"one of them", "application/json", []string{"text/html", "application/json"}, "application/json"},
		{"none of them", "image/png", []string{"text/html", "application/json"}, ""},
		{"case", "TEXT/Html", []string{"text/html"}, "text/html"},
		{"everything", "*/*", []string{"text/html", "application/json"}, "text/html"},
		{"a range", "application/*", []string{"text/html", "application/json"}, "application/json"},
		{"a range is no prefix", "app/*", []string{"application/json"}, ""},
		{"a type is no prefix", "application/jso", []string{"application/json"}, ""},

		// RFC 9110 section 12.4.2
		{"weight: higher", "text/html;q=0.5, application/json;q=0.6", []string{"text/html", "application/json"}, "application/json"},
		{"weight: default is 1", "text/html;q=0.999, application/json", []string{"text/html", "application/json"}, "application/json"},
		{"weight: three decimals", "text/html;q=0.001, application/json;q=0.002", []string{"text/html", "application/json"}, "application/json"},
		{"weight: 0 refuses", "text/html;q=0, */*", []string{"text/html", "application/json"}, "application/json"},
		{"weight: 0.000 refuses", "*/*;q=0.000", []string{"text/html"}, ""},
		{"weight: in capitals, with white space", "text/html ; Q=0.5, application/json", []string{"text/html", "application/json"}, "application/json"},
		{"weight: 1.000", "text/html;q=0.9, application/json;q=1.000", []string{"text/html", "application/json"}, "application/json"},
		{"weight: need not be last", "a/b;q=0.1;c=d, e/f;q=0.2", []string{"a/b;c=d", "e/f"}, "e/f"},

		// Malformed members
		{"malformed weight: above 1", "text/html;q=1.1, a/b;q=0.1", []string{"text/html", "a/b"}, "a/b"},
		{"malformed weight: four decimals", "text/html;q=0.1234, a/b;q=0.1", []string{"text/html", "a/b"}, "a/b"},
		{"malformed weight: a word", "text/html;q=high, a/b;q=0.1", []string{"text/html", "a/b"}, "a/b"},
		{"malformed weight: none", "text/html;q=, a/b;q=0.1", []string{"text/html", "a/b"}, "a/b"},
		{"malformed weight: a dot", "text/html;q=., */*;q=0.1", []string{"text/html"}, "text/html"},
		{"malformed weight: negative", "text/html;q=-1, a/b;q=0.1", []string{"text/html", "a/b"}, "a/b"},
		{"malformed weight: leading zero", "text/html;q=01, a/b;q=0.1", []string{"text/html", "a/b"}, "a/b"},
		{"half a star is a type that nobody has", "*/html, a/b;q=0.1", []string{"text/html", "a/b"}, "a/b"},
		{"malformed range: no subtype", "text, a/b;q=0.1", []string{"text/html", "a/b"}, "a/b"},
		{"malformed parameter", "text/html;level, a/b;q=0.1", []string{"text/html", "a/b"}, "a/b"},
		{"RFC 9110 section 5.6.4: a comma in a quoted string", `x/y;z=",a/b,", c/d;q=0.5`, []string{"a/b", "c/d"}, "c/d"},
		{"RFC 9110 section 5.6.4: a quote in a quoted string", `x/y;z="\",a/b,", c/d;q=0.5`, []string{"a/b", "c/d"}, "c/d"},

		// RFC 9110 section 12.5.1
		{"most specific decides: type", specification, []string{"text/html", "image/jpeg"}, "image/jpeg"},
		{"most specific decides: subtype", specification, []string{"image/jpeg", "text/plain"}, "text/plain"},
		{"most specific decides: parameter", specification, []string{"text/plain", "text/plain;format=flowed"}, "text/plain;format=flowed"},
		{"most specific decides: parameter with less weight", specification, []string{"text/plain;format=fixed", "image/jpeg"}, "image/jpeg"},
		{"most specific decides: whatever the order", "*/*, text/*;q=0.1, text/html;q=0.2", []string{"text/plain", "text/html"}, "text/html"},
		{"parameter: the offer lacks it", "text/html;level=1", []string{"text/html"}, ""},
		{"parameter: the offer has another", "text/html;level=1", []string{"text/html;level=2"}, ""},
		{"parameter: the offer has more", "text/html", []string{"text/html; charset=utf-8"}, "text/html; charset=utf-8"},
		{"parameter: quoted", `text/html;level="1"`, []string{"text/html; level=1"}, "text/html; level=1"},
		{"parameter: charset does not count", "application/json; charset=utf-8", []string{"application/json"}, "application/json"},
		{"parameter: charset counts if offered", "text/html; charset=latin1", []string{"text/html; charset=utf-8"}, ""},

		{"equal weight: the exact name wins", "application/json, text/plain, */*", []string{"text/html", "application/json"}, "application/json"},
		{"equal weight and name: the first offer wins", "application/json, text/html", []string{"text/html", "application/json"}, "text/html"},
		{"a browser", browser, []string{"application/json", "text/html"}, "text/html"},
		{"a browser that wants data", browser, []string{"application/json", "text/csv"}, "application/json"},
		{"Java's HttpURLConnection", java, []string{"application/json", "text/html"}, "text/html"},
		{"a star of Java's HttpURLConnection", "*; q=.5, text/html;q=0.1", []string{"text/html", "application/json"}, "application/json"},
		{"Java's HttpURLConnection", java, []string{"application/json"}, "application/json"},
	} {
		if got := message.PreferType(tt.accept, tt.offers...); got != tt.want {
			t.Errorf("%s: PreferType(%q, %q) = %q, want %q", tt.rule, tt.accept, tt.offers, got, tt.want)
		}
	}
}

// RFC 9110 section 12.5.3.
func TestPreferCoding(t *testing.T) {
	for _, tt := range []struct {
		rule, accept string
		offers       []string
		want         string
	}{
		{"absent or empty: identity", "", []string{"br", "gzip"}, "identity"},
		{"one of them", "gzip, deflate", []string{"br", "gzip"}, "gzip"},
		{"equal weight: the first offer wins", "gzip, deflate, br", []string{"br", "gzip"}, "br"},
		{"weight", "gzip;q=1.0, br;q=0.5", []string{"br", "gzip"}, "gzip"},
		{"weight 0 refuses", "gzip;q=0", []string{"gzip"}, "identity"},
		{"case", "GZIP;Q=0.5", []string{"gzip"}, "gzip"},
		{"star: what is not listed", "gzip;q=0.5, *", []string{"gzip", "br"}, "br"},
		{"star: not what is listed", "*, gzip;q=0", []string{"gzip"}, "identity"},
		{"star: 0 refuses the rest", "gzip, *;q=0", []string{"br", "gzip"}, "gzip"},
		{"identity: not listed, below the rest", "gzip;q=0.001", []string{"gzip"}, "gzip"},
		{"identity: none of the offers", "zstd", []string{"gzip"}, "identity"},
		{"identity: preferred", "identity, gzip;q=0.5", []string{"gzip"}, "identity"},
		{"identity: liked less", "identity;q=0.5, gzip", []string{"gzip"}, "gzip"},
		{"identity: liked as much, after the offers", "identity, gzip", []string{"gzip"}, "gzip"},
		{"identity: liked as much, offered first", "identity, gzip", []string{"identity", "gzip"}, "identity"},
		{"identity: refused", "identity;q=0", []string{"gzip"}, ""},
		{"identity: refused, gzip is not", "identity;q=0, gzip", []string{"gzip"}, "gzip"},
		{"identity: refused by the star", "*;q=0", []string{"gzip"}, ""},
		{"identity: listed beside a star of 0", "*;q=0, identity;q=0.5", []string{"gzip"}, "identity"},
		{"RFC 9110 section 8.4.1.3: x-gzip", "x-gzip", []string{"gzip"}, "gzip"},
		{"RFC 9110 section 8.4.1.1: x-compress", "X-Compress;q=0.2", []string{"compress"}, "compress"},
		{"no other x-", "x-br", []string{"br"}, "identity"},
		{"malformed weight", "gzip;q=2", []string{"gzip"}, "identity"},
		{"malformed: another parameter", "gzip;level=9", []string{"gzip"}, "identity"},
		{"malformed: more than a weight", "gzip;q=1;a=b", []string{"gzip"}, "identity"},
		{"malformed: no token", "g(zip), ;q=1", []string{"gzip"}, "identity"},
		{"a name is no prefix", "gzi, gzipp", []string{"gzip"}, "identity"},
		{"no offers", "gzip", nil, "identity"},
		{"no offers, identity refused", "identity;q=0", nil, ""},
	} {
		if got := message.PreferCoding(tt.accept, tt.offers...); got != tt.want {
			t.Errorf("%s: PreferCoding(%q, %q) = %q, want %q", tt.rule, tt.accept, tt.offers, got, tt.want)
		}
	}
}

func TestPreferAllocatesNothing(t *testing.T) {
	allocs := testing.AllocsPerRun(100, func() {
		message.PreferType("text/html,application/xml;q=0.9,*/*;q=0.8", "application/json", "text/html")
		message.PreferCoding("gzip, deflate, br;q=0.9", "br", "gzip")
	})
	if allocs != 0 {
		t.Errorf("PreferType and PreferCoding allocate %v times, want 0", allocs)
	}
}

// The answer is an offer or none; a refusal that comes first holds whatever follows; a type that is not offered matters
// to no other.
func FuzzPreferType(f *testing.F) {
	f.Add("text/html;q=0.5, */*;q=0.1")
	f.Add(`a/b;c="d,e";q=1`)
	f.Add("*; q=.2, text/*")
	f.Fuzz(func(t *testing.T, accept string) {
		offers := []string{"text/html", "application/json", "text/plain; format=flowed"}
		if got := message.PreferType(accept, offers...); got != "" && !slices.Contains(offers, got) {
			t.Errorf("PreferType(%q) = %q, not an offer", accept, got)
		}
		if got := message.PreferType("text/html;q=0,"+accept, "text/html"); got != "" {
			t.Errorf("PreferType(%q) = %q, refused", "text/html;q=0,"+accept, got)
		}
		one, two := message.PreferType("x/y,"+accept, offers...), message.PreferType("x/y;q=0.5,x/z,"+accept, offers...)
		if one != two {
			t.Errorf("PreferType(%q) = %q, with a second type that is not offered %q", "x/y,"+accept, one, two)
		}
	})
}

// The answer is an offer, identity or none, and none only if something has the weight 0; a coding that is listed first
// with the full weight is taken whatever follows.
func FuzzPreferCoding(f *testing.F) {
	f.Add("gzip;q=0.5, *;q=0")
	f.Add("identity;q=0.000,x-gzip")
	f.Fuzz(func(t *testing.T, accept string) {
		got := message.PreferCoding(accept, "br", "gzip")
		if !slices.Contains([]string{"br", "gzip", "identity", ""}, got) {
			t.Errorf("PreferCoding(%q) = %q", accept, got)
		}
		if lower := strings.ToLower(accept); got == "" && !strings.Contains(lower, "q=0") && !strings.Contains(lower, "q=.0") {
			t.Errorf("PreferCoding(%q) refuses identity", accept)
		}
		if got := message.PreferCoding("gzip,"+accept, "gzip"); got != "gzip" {
			t.Errorf("PreferCoding(%q) = %q, want gzip", "gzip,"+accept, got)
		}
	})
}

func BenchmarkPreferType(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		message.PreferType("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json", "text/html")
	}
}

func BenchmarkPreferCoding(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		message.PreferCoding("gzip, deflate, br, zstd", "br", "gzip")
	}
}
