package files_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute/internal/files"
	"github.com/microroute/microroute/message"
)

const (
	tag      = `"dik150hm914k-rs"`
	modified = "Sat, 16 May 2026 10:30:15 GMT"
	dayOlder = "Fri, 15 May 2026 10:30:15 GMT"
	dayNewer = "Sun, 17 May 2026 10:30:15 GMT"
)

var (
	now    = time.Date(2026, 5, 17, 10, 30, 15, 500, time.UTC)
	strong = message.Validators{ETag: tag, LastModified: now.AddDate(0, 0, -1)}
	weak   = message.Validators{ETag: "W/" + tag, LastModified: now.AddDate(0, 0, -1)}
	dated  = message.Validators{LastModified: now.AddDate(0, 0, -1)}
)

// A request is written as its fields, the answer as status, part and fields.
const (
	whole         = "200 0+1000, ETag: " + tag + ", Last-Modified: " + modified + ", Accept-Ranges: bytes"
	notModified   = "304 0+0, ETag: " + tag
	failed        = "412 0+0"
	unsatisfiable = "416 0+0, Accept-Ranges: bytes, Content-Range: bytes */1000"
)

func partial(part, contentRange string) string {
	return "206 " + part + ", ETag: " + tag + ", Last-Modified: " + modified +
		", Accept-Ranges: bytes, Content-Range: " + contentRange
}

func several(parts string) string {
	return "206 " + parts + ", ETag: " + tag + ", Last-Modified: " + modified + ", Accept-Ranges: bytes"
}

func TestSelectRange(t *testing.T) {
	tests := []struct{ name, request, want string }{
		{"none", "", whole},
		{"from 500", "Range: bytes=500-", partial("500+500", "bytes 500-999/1000")},
		{"suffix", "Range: bytes=-500", partial("500+500", "bytes 500-999/1000")},
		{"last", "Range: bytes=-1", partial("999+1", "bytes 999-999/1000")},
		{"first", "Range: bytes=0-0", partial("0+1", "bytes 0-0/1000")},
		{"second", "Range: bytes=1-1", partial("1+1", "bytes 1-1/1000")},
		{"cut to the end", "Range: bytes=990-5000", partial("990+10", "bytes 990-999/1000")},
		{"all of it", "Range: bytes=0-", partial("0+1000", "bytes 0-999/1000")},
		{"long suffix", "Range: bytes=-5000", partial("0+1000", "bytes 0-999/1000")},
		{"last beyond int64", "Range: bytes=0-18446744073709551616", partial("0+1000", "bytes 0-999/1000")},
		{"from the end", "Range: bytes=1000-", unsatisfiable},
		{"far beyond", "Range: bytes=99999999999999999999-", unsatisfiable},
		{"no suffix", "Range: bytes=-0", unsatisfiable},
		{"reversed", "Range: bytes=5-2", whole},
		{"letters", "Range: bytes=a-b", whole},
		{"dash", "Range: bytes=-", whole},
		{"two dashes", "Range: bytes=--1", whole},
		{"three numbers", "Range: bytes=1-2-3", whole},
		{"signs", "Range: bytes=+0-+5", whole},
		{"no unit", "Range: =0-5", whole},
		{"other unit", "Range: items=0-5", whole},
		{"empty", "Range: ", whole},
		{"several", "Range: bytes=0-0,10-19", several("0+1 10+10")},
		{"several with spaces", "Range: bytes=0-0 , 2-2", several("0+1 2+1")},
		{"several, not in order", "Range: bytes=-1,0-4,500-599", several("999+1 0+5 500+100")},
		{"several, sixteen", "Range: bytes=0-0" + strings.Repeat(",2-2", 1) + strings.Repeat(",5000-", 14), several("0+1 2+1")},
		{"several, more than the file", "Range: bytes=0-,0-", whole},
		{"several that overlap", "Range: bytes=0-9,5-14,10-19", whole},
		{"several with If-Range of another tag", "Range: bytes=0-0,2-2\nIf-Range: \"nope\"", whole},
		{"several, one in the file", "Range: bytes=0-4,5000-", partial("0+5", "bytes 0-4/1000")},
		{"several, none in the file", "Range: bytes=1000-,5000-", unsatisfiable},
		{"more than anybody needs", "Range: bytes=0-0" + strings.Repeat(",5000-", 16), whole},
		{"two fields", "Range: bytes=0-0\nRange: bytes=1-1", whole},
		{"If-Range tag", "Range: bytes=0-4\nIf-Range: " + tag, partial("0+5", "bytes 0-4/1000")},
		{"If-Range other tag", "Range: bytes=0-4\nIf-Range: \"nope\"", whole},
		{"If-Range weak tag", "Range: bytes=0-4\nIf-Range: W/" + tag, whole},
		{"If-Range date", "Range: bytes=0-4\nIf-Range: " + modified, partial("0+5", "bytes 0-4/1000")},
		{"If-Range newer date", "Range: bytes=0-4\nIf-Range: " + dayNewer, whole},
		{"If-Range before satisfiability", "Range: bytes=1000-\nIf-Range: \"nope\"", whole},
		{"If-Range alone", "If-Range: \"nope\"", whole},
	}
	for _, test := range tests {
		checkSelection(t, test.name, "GET", test.request, strong, 1000, test.want)
	}
}

func TestSelectByPreconditions(t *testing.T) {
	tests := []struct{ name, request, want string }{
		{"If-Modified-Since equal", "If-Modified-Since: " + modified, notModified},
		{"If-Modified-Since newer", "If-Modified-Since: " + dayNewer, notModified},
		{"If-Modified-Since older", "If-Modified-Since: " + dayOlder, whole},
		{"If-Modified-Since is no date", "If-Modified-Since: 0", whole},
		{"If-Modified-Since no such day", "If-Modified-Since: Mon, 31 Feb 2022 00:00:00 GMT", whole},
		{"If-None-Match any", "If-None-Match: *", notModified},
		{"If-None-Match tag", "If-None-Match: " + tag, notModified},
		{"If-None-Match weak tag", "If-None-Match: W/" + tag, notModified},
		{"If-None-Match other", `If-None-Match: "nope"`, whole},
		{"If-None-Match before If-Modified-Since", `If-None-Match: "nope"` + "\nIf-Modified-Since: " + modified, whole},
		{"If-None-Match before old If-Modified-Since", "If-None-Match: " + tag + "\nIf-Modified-Since: " + dayOlder, notModified},
		{"If-None-Match long", "If-None-Match: " + strings.Repeat(`"x",`, 1500) + `"y"`, whole},
		{"If-Match any", "If-Match: *", whole},
		{"If-Match tag", "If-Match: " + tag, whole},
		{"If-Match list", `If-Match: "a", ` + tag, whole},
		{"If-Match weak tag", "If-Match: W/" + tag, failed},
		{"If-Match other", `If-Match: "nope"`, failed},
		{"If-Match before If-None-Match", `If-Match: "nope"` + "\nIf-None-Match: *", failed},
		{"If-Unmodified-Since equal", "If-Unmodified-Since: " + modified, whole},
		{"If-Unmodified-Since older", "If-Unmodified-Since: " + dayOlder, failed},
		{"If-None-Match before Range", "If-None-Match: *\nRange: bytes=0-0", notModified},
		{"If-None-Match before unsatisfiable Range", "If-None-Match: *\nRange: bytes=1000-", notModified},
		{"If-Match before Range", `If-Match: "nope"` + "\nRange: bytes=0-0", failed},
		{"If-Match and Range", "If-Match: " + tag + "\nRange: bytes=0-0", partial("0+1", "bytes 0-0/1000")},
	}
	for _, test := range tests {
		checkSelection(t, test.name, "GET", test.request, strong, 1000, test.want)
	}
}

func TestSelectByMethod(t *testing.T) {
	const everything = "200 0+1000"
	tests := []struct{ method, request, want string }{
		{"HEAD", "", whole},
		{"HEAD", "Range: bytes=0-4", whole},
		{"HEAD", "Range: bytes=1000-", whole},
		{"HEAD", "If-None-Match: *", notModified},
		{"HEAD", `If-Match: "nope"`, failed},
		{"POST", "", everything},
		{"POST", "Range: bytes=0-4", everything},
		{"POST", "If-None-Match: *", everything},
		{"PUT", `If-Match: "nope"`, everything},
		{"get", "Range: bytes=0-4", everything},
	}
	for _, test := range tests {
		checkSelection(t, test.method, test.method, test.request, strong, 1000, test.want)
	}
}

func TestSelectByValidators(t *testing.T) {
	const (
		wholeWeak = "200 0+1000, ETag: W/" + tag + ", Last-Modified: " + modified + ", Accept-Ranges: bytes"
		wholeOld  = "200 0+1000, Last-Modified: " + modified + ", Accept-Ranges: bytes"
		wholeBare = "200 0+1000, Accept-Ranges: bytes"
	)
	tests := []struct {
		name, request string
		validators    message.Validators
		want          string
	}{
		{"weak", "", weak, wholeWeak},
		{"weak, If-None-Match", "If-None-Match: " + tag, weak, "304 0+0, ETag: W/" + tag},
		{"weak, If-Match", "If-Match: W/" + tag, weak, failed},
		{"weak, If-Range", "Range: bytes=0-4\nIf-Range: W/" + tag, weak, wholeWeak},
		{"date only", "", dated, wholeOld},
		{"date only, If-Modified-Since", "If-Modified-Since: " + modified, dated, "304 0+0, Last-Modified: " + modified},
		{"none", "", message.Validators{}, wholeBare},
		{"none, If-None-Match", "If-None-Match: *", message.Validators{}, "304 0+0"},
		{"none, If-Modified-Since", "If-Modified-Since: " + dayNewer, message.Validators{}, wholeBare},
		{"none, Range", "Range: bytes=0-4", message.Validators{},
			"206 0+5, Accept-Ranges: bytes, Content-Range: bytes 0-4/1000"},
	}
	for _, test := range tests {
		checkSelection(t, test.name, "GET", test.request, test.validators, 1000, test.want)
	}
}

func TestSelectOfEmptyFile(t *testing.T) {
	for _, request := range []string{"", "Range: bytes=0-", "Range: bytes=-1", "Range: bytes=5-"} {
		checkSelection(t, "empty", "GET", request, message.Validators{}, 0, "200 0+0, Accept-Ranges: bytes")
	}
}

// A field that was set before does not get a second one beside it.
func TestSetFieldsReplaces(t *testing.T) {
	var response message.Header
	response.Set("etag", `"old"`)
	response.Set("Vary", "Accept")
	files.Select("GET", &message.Header{}, strong, 1000, now).SetFields(&response)
	if got := response.Values("ETag"); len(got) != 1 || got[0] != tag || !response.Has("Vary") {
		t.Errorf("got ETag %q and Vary %q, want one %s, and Vary as it was", got, response.Get("Vary"), tag)
	}
}

func checkSelection(t *testing.T, name, method, request string, v message.Validators, size int64, want string) {
	t.Helper()
	var header, response message.Header
	for line := range strings.Lines(request) {
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		header.Add(field, value)
	}
	s := files.Select(method, &header, v, size, now)
	s.SetFields(&response)
	got := fmt.Sprintf("%d %d+%d", s.Status, s.Offset, s.Length)
	if s.Ranges != nil {
		got = fmt.Sprint(s.Status)
		for _, r := range s.Ranges {
			got += fmt.Sprintf(" %d+%d", r.Start, r.Length)
		}
	}
	for field, value := range response.All() {
		got += ", " + field + ": " + value
	}
	if got != want {
		t.Errorf("%s: %s with %.60q\n got %s\nwant %s", name, method, request, got, want)
	}
}

func BenchmarkSelect(b *testing.B) {
	var header message.Header
	header.Set("Range", "bytes=500-")
	b.ReportAllocs()
	for b.Loop() {
		if s := files.Select("GET", &header, strong, 1000, now); s.Status != message.StatusPartialContent {
			b.Fatal(s)
		}
	}
}
