package main

import (
	"slices"
	"strings"

	"github.com/microroute/microroute/internal/contract"
)

// routeTest is a request to a route of the contract that the recorded cases leave out, and what must come back.
type routeTest struct {
	request string // "/path" for a GET, "METHOD /path"
	expect  contract.Expect
}

func (r routeTest) asCase() contract.Case {
	method, path, found := strings.Cut(r.request, " ")
	if !found {
		method, path = "GET", r.request
	}
	return oneRequest(r.request, method+" "+path+" HTTP/1.1\r\nHost: test\r\n\r\n", r.expect)
}

func oneRequest(id, raw string, expect contract.Expect) contract.Case {
	return contract.Case{ID: id, Requests: []contract.Request{{Raw: []byte(raw), Expect: expect}}}
}

// is expects a status and a body.
func is(status int, body string) contract.Expect {
	return contract.Expect{Status: contract.Statuses{status}, Body: []byte(body)}
}

// status expects a status, whatever the body.
func status(codes ...int) contract.Expect { return contract.Expect{Status: codes} }

// aborted expects a status, a body if that is not empty, and that the connection ends.
func aborted(status int, body string) contract.Expect {
	x := contract.Expect{Status: contract.Statuses{status}, Closed: true}
	if body != "" {
		x.Body = []byte(body)
	}
	return x
}

func withFields(x contract.Expect, namesAndValues ...string) contract.Expect {
	x.Fields = make(map[string]string)
	for i := 0; i < len(namesAndValues); i += 2 {
		x.Fields[namesAndValues[i]] = namesAndValues[i+1]
	}
	return x
}

func withType(x contract.Expect, mediaType string) contract.Expect {
	x.MediaType = &mediaType
	return x
}

// echoes expects an echo with these variables.
func echoes(variables map[string]any) contract.Expect {
	return contract.Expect{Status: contract.Statuses{200}, Echo: map[string]any{"vars": variables}}
}

func echoesForm(values map[string]any) contract.Expect {
	return contract.Expect{Status: contract.Statuses{200}, Echo: map[string]any{"form": values}}
}

// form posts content of a media type to /post, each octet in a chunk of its own.
func form(mediaType, content string) string {
	head := "POST /post HTTP/1.1\r\nHost: test\r\nContent-Type: " + mediaType + "\r\nTransfer-Encoding: chunked\r\n\r\n"
	var chunks strings.Builder
	for i := range len(content) {
		chunks.WriteString("1\r\n" + content[i:i+1] + "\r\n")
	}
	return head + chunks.String() + "0\r\n\r\n"
}

var responseTests = []routeTest{
	{"/bytes", is(200, "\x00\x01\xfe\xff")},
	{"/empty", is(200, "")},
	{"/none", withFields(is(200, ""), "Content-Length", "0")},
	{"/int", withType(is(200, "42"), "application/json")},
	{"/raise", status(500)},
	{"/hdr", withFields(is(200, "x"), "X-Test", "1")},
	{"/hdr-override", withFields(is(200, "x"), "Server", "mine")},
	{"/hdr-int", withFields(is(200, "x"), "X-N", "5")},
	{"/status-204",
		contract.Expect{Status: contract.Statuses{204}, Body: []byte{}, Absent: []string{"Content-Length", "Transfer-Encoding"}}},
	{"/status-unknown", is(418, "teapot")},
	{"/sh-content", is(200, "body")},
	{"/sh-return", is(200, "abc")},
	{"/sh-content-return", is(200, "body")},
	{"/sh-201", is(201, "made")},
	{"/sh-late-header", contract.Expect{Status: contract.Statuses{200}, Absent: []string{"X-Late"}}},
	{"/send-bytes", is(200, "\x00\xff")},
	{"/send-multi", is(200, "one,two,three")},
	{"/send-unicode", is(200, "世界")},
	{"/send-empty", is(200, "")},
	{"/send-bytearray", is(200, "ba")},
	{"/send-big", is(200, strings.Repeat("x", 1_000_000))},
	{"/send-cl", withFields(is(200, "hello"), "Content-Length", "5")},
	{"/stream", is(200, "chunk0\nchunk1\nchunk2\nchunk3\n")},
	{"/redirect-307", withFields(is(307, ""), "Location", "/hello")},
	{"/redirect-return", is(302, "")},
	{"/redirect-send", withFields(is(302, ""), "Location", "/hello")},
	{"/redirect-unicode", withFields(is(302, ""), "Location", "/%C3%A9")},
	{"/close-send", contract.Expect{Closed: true}},
	{"/close-twice", contract.Expect{Closed: true}},
	{"/abort", aborted(500, "")},
	{"/abort404", aborted(404, "")},
	{"/abort-int", aborted(404, "")},
	{"/abort-content", aborted(403, "<h1>no</h1>")},
	{"/abort-unknown", aborted(499, "")},
	{"/abort-return", aborted(403, "no")},
	{"/abort-send", aborted(403, "no")},
	{"/abort-unicode", aborted(403, "né")},
	{"/send-raise", contract.Expect{Body: []byte("partial"), NoSecond: true, Broken: true}},
	{"/client", contract.Expect{Raw: []byte("HTTP/1.1 299 Raw\r\nX-Raw: 1\r\n\r\nraw bytes"), Closed: true}},
	{"/client-noclose", contract.Expect{Raw: []byte("HTTP/1.1 299 Raw\r\n\r\nraw bytes"), Closed: true}},
	{"/addr", is(200, "127.0.0.1")},
}

var fileTests = []routeTest{
	{"/file", withType(is(200, "<h1>index.html</h1>\n"), "text/html")},
	{"/file-css", withType(is(200, "body{color:red}\n"), "text/css")},
	{"/file-dir", status(404)},
	{"/file-noext", withType(status(200), "application/octet-stream")},
	{"/file-hdr", withFields(is(200, "<h1>index.html</h1>\n"), "Content-Disposition", `attachment; filename="a.html"`)},
	{"/file-after-header", is(200, "body{color:red}\n")},
	{"HEAD /file-big", withFields(is(200, ""), "Content-Length", "5000")},
	{"/", is(200, "<h1>index.html</h1>\n")},
	{"/sub/", is(200, "<h1>sub index</h1>\n")},
	{"/sub", withFields(status(301, 302, 307, 308), "Location", "/sub/")},
	{"//sub", contract.Expect{Status: contract.Statuses{200, 301, 302, 307, 308, 400, 404}, Absent: []string{"Refresh"}}},
	{"/style.css/", status(404)},
	{"/%C3%BC.txt", withType(status(200), "text/plain")},
	{"/UPPER.HTML", withType(is(200, "<p>UP</p>\n"), "text/html")},
	{"/empty.txt", withFields(is(200, ""), "Content-Length", "0")},
	{"/..%2fsecret.txt", status(400, 404)},
	{"/%2e%2e%2fsecret.txt", status(400, 404)},
	{"/sub%2f..%2f..%2fsecret.txt", status(400, 404)},
	{"/..%5csecret.txt", status(400, 404)},
	{"/style.css%00.html", status(400, 404)},
	{"/sub/.hidden", status(404)},
	{"DELETE /style.css", contract.Expect{Status: contract.Statuses{405}, Present: []string{"Allow"}}},
	{"OPTIONS /style.css", contract.Expect{Status: contract.Statuses{200, 204}, Present: []string{"Allow"}}},
	{"DELETE /missing.css", status(404, 405)},
}

var ruleTests = []routeTest{
	{"/v/s/5apple", echoes(map[string]any{"x": "5apple"})},
	{"/v/s/a%2Fb", echoes(map[string]any{"x": "a/b"})},
	{"/v/s/%E4%B8%96", echoes(map[string]any{"x": "世"})},
	{"/v/s/a/", echoes(map[string]any{"x": "a"})},
	{"/v/s/", status(404)},
	{"/v/i/5", contract.Expect{Status: contract.Statuses{200}}},
	{"/v/i/-5", status(404)},
	{"/v/i/99999999999999999999", status(404)},
	{"/v/f/5.", contract.Expect{Status: contract.Statuses{200, 404}}},
	{"/v/p/", status(404)},
	{"/v/p/a%2Fb/c", echoes(map[string]any{"x": "a/b/c"})},
	{"/v/c/abd", status(404)},
	{"/v/c/xabc", status(404)},
	{"/v/cg/cab", echoes(map[string]any{"x": "cab"})},
	{"/bare/12", echoes(map[string]any{"x": "12"})},
	{"/suf/.html", status(404)},
	{"/suf/a.b.html", echoes(map[string]any{"x": "a.b"})},
	{"/trail", status(200)},
	{"/trail/", status(200)},
	{"/lower", status(200)},
	{"/order/other", is(200, "var")},
	{"/multi", is(200, "get")},
	{"/args?a=1&a=2&b&c=%26+d", contract.Expect{Echo: map[string]any{"args": map[string]any{
		"a": []any{"1", "2"}, "b": []any{""}, "c": []any{"& d"}}}}},
	{"POST /hello", contract.Expect{Status: contract.Statuses{405}, Present: []string{"Allow"}}},
	{"OPTIONS /multi", contract.Expect{Status: contract.Statuses{200, 204}, Present: []string{"Allow"}}},
}

const (
	multipart = "multipart/form-data; boundary=B"
	part      = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx"
)

var bodyCases = []contract.Case{
	oneRequest("urlencoded", form("application/x-www-form-urlencoded", "a=1&b=x+y%21"),
		echoesForm(map[string]any{"a": "1", "b": "x y!"})),
	oneRequest("JSON", form("application/json", `{"a":"x"}`), echoesForm(map[string]any{"a": "x"})),
	oneRequest("JSON cut", form("application/json", `{"a":`), status(400)),
	oneRequest("text", form("text/plain", "hello"), contract.Expect{Echo: map[string]any{"form": nil, "data": "hello"}}),
	oneRequest("multipart", form(multipart, part+"\r\n--B--\r\n"), echoesForm(map[string]any{"a": "x"})),
	oneRequest("multipart cut", form(multipart, part), status(400)),
	oneRequest("multipart without boundary", form("multipart/form-data", "--B--\r\n"), status(400)),
	oneRequest("too large", "POST /post HTTP/1.1\r\nHost: test\r\nContent-Length: 99999999\r\n\r\n", status(413)),
	oneRequest("bad length", "POST /post HTTP/1.1\r\nHost: test\r\nContent-Length: x\r\n\r\n", aborted(400, "")),
	oneRequest("unread", "POST /post-manual0 HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello", status(200)),
	oneRequest("HTTP/1.0", "GET /hello HTTP/1.0\r\n\r\n", aborted(200, "<h1>Hello</h1>")),
	oneRequest("HTTP/1.0 stream", "GET /stream HTTP/1.0\r\n\r\n",
		contract.Expect{Body: []byte("chunk0\nchunk1\nchunk2\nchunk3\n"), Absent: []string{"Transfer-Encoding"}, Closed: true}),
	oneRequest("HTTP/1.0 kept", "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
		withFields(is(200, "<h1>Hello</h1>"), "Connection", "keep-alive")),
}

// routeCases returns all of the above as cases.
func routeCases() []contract.Case {
	cases := slices.Clone(bodyCases)
	for _, test := range slices.Concat(responseTests, fileTests, ruleTests) {
		cases = append(cases, test.asCase())
	}
	return cases
}
