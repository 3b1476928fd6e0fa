package routecases

import (
	"encoding/json"
	"strings"

	"github.com/microroute/microroute/internal/contract"
)

// route is a request to a route of the contract, and what must come back.
type route struct {
	request string // "/path" for a GET, "METHOD /path"
	expect  contract.Expect
}

func (r route) asCase() contract.Case {
	method, path, found := strings.Cut(r.request, " ")
	if !found {
		method, path = "GET", r.request
	}
	return oneRequest(r.request, method+" "+path+" HTTP/1.1\r\nHost: test\r\n\r\n", r.expect)
}

// responses are about what handlers do with the response.
var responses = []route{
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

// files are about those that handlers send, and those under the root.
var files = []route{
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

// rules are about which handler gets a request, and what it sees of the target.
var rules = []route{
	{"/v/s/5apple", echoes(map[string]any{"x": "5apple"})},
	{"/v/s/a%2Fb", echoes(map[string]any{"x": "a/b"})},
	{"/v/s/%E4%B8%96", echoes(map[string]any{"x": "世"})},
	{"/v/s/a/", echoes(map[string]any{"x": "a"})},
	{"/v/s/", status(404)},
	{"/v/s/a//", status(404)},
	{"/v/s/%2525", echoes(map[string]any{"x": "%25"})}, // decoded once, and not again
	{"/v/s/a;b=c", echoes(map[string]any{"x": "a;b=c"})},
	{"/v/s/123", echoes(map[string]any{"x": "123"})},
	{"/v/i/5", contract.Expect{Status: contract.Statuses{200}}},
	{"/v/i/9223372036854775807", echoes(map[string]any{"x": json.Number("9223372036854775807")})},
	{"/v/i/9223372036854775808", status(404)},
	{"/v/i/%31%32", echoes(map[string]any{"x": json.Number("12")})},
	{"/v/i/%201", status(404)},
	{"/v/i/%D9%A1", status(404)}, // a digit, but not one of ASCII
	{"/v/i/1_0", status(404)},
	{"/v/i/0x5", status(404)},
	{"/v/i/-5", status(404)},
	{"/v/i/99999999999999999999", status(404)},
	{"/v/f/5.", contract.Expect{Status: contract.Statuses{200, 404}}},
	{"/v/f/.5", echoes(map[string]any{"x": json.Number("0.5")})},
	{"/v/f/inf", status(404)},
	{"/v/f/nan", status(404)},
	{"/v/f/1,5", status(404)},
	{"/v/f/+1.5", status(404)},
	{"/v/f/" + strings.Repeat("9", 400), status(404)},
	{"/v/p/", status(404)},
	{"/v/p//", status(404)},
	{"/v/p/a/b/", echoes(map[string]any{"x": "a/b"})},
	{"/v/p/a//b", echoes(map[string]any{"x": "a//b"})},
	{"/v/p/a/../b", echoes(map[string]any{"x": "a/../b"})},
	{"/v/p/a%2Fb/c", echoes(map[string]any{"x": "a/b/c"})},
	{"/v/c/abd", status(404)},
	{"/v/c/xabc", status(404)},
	{"/v/c/ABC", status(404)},
	{"/v/c/abc%0a", status(404)},
	{"/v/c/", status(404)},
	{"/v/cg/cab", echoes(map[string]any{"x": "cab"})},
	{"/g/apple/5.2/100/", echoes(map[string]any{"goods_name": "apple", "price": json.Number("5.2"), "amount": json.Number("100")})},
	{"/g/apple/x/100", status(404)},
	{"/g/apple/5.2", status(404)},
	{"/g/apple/5.2/100/x", status(404)},
	{"/two/3-4", echoes(map[string]any{"a": json.Number("3"), "b": json.Number("4")})},
	{"/two/3-", status(404)},
	{"/two/3--4", status(404)},
	{"/two/1-2-3", status(404)},
	{"/pre", status(404)},
	{"/prex", status(404)},
	{"/bare/a/b", status(404)},
	{"/bare/12", echoes(map[string]any{"x": "12"})},
	{"/suf/.html", status(404)},
	{"/suf/a.b.html", echoes(map[string]any{"x": "a.b"})},
	{"/suf/a.html.html", echoes(map[string]any{"x": "a.html"})},
	{"/suf/abc.htm", status(404)},
	{"/noslash/", status(200)},
	{"/hello/", is(200, "<h1>Hello</h1>")},
	{"/hello//", status(404)},
	{"//hello", status(404)},
	{"/./hello", status(404)},
	{"/x/../hello", status(404)},
	{"/hello%2f", status(404)},
	{"/hello;x=1", status(404)},
	{"/hello%00", status(400, 404)},
	{"http://test/hello", is(200, "<h1>Hello</h1>")},
	{"/order/%66ixed", is(200, "fixed")},
	{"/order/fixed/", is(200, "fixed")},
	{"/trail", status(200)},
	{"/trail/", status(200)},
	{"/lower", status(200)},
	{"/order/other", is(200, "var")},
	{"/multi", is(200, "get")},
	{"/args?a=1&a=2&b&c=%26+d", contract.Expect{Echo: map[string]any{"args": map[string]any{
		"a": []any{"1", "2"}, "b": []any{""}, "c": []any{"& d"}}}}},
	{"/args?a=b=c&=1&?", contract.Expect{Echo: map[string]any{"args": map[string]any{"a": "b=c", "": "1", "?": ""}}}},
	{"/args?a=1;b=2&c[]=%2B&d+e=%zz", contract.Expect{Echo: map[string]any{"args": map[string]any{
		"a": "1;b=2", "c[]": "+", "d e": "%zz"}}}},
	{"HEAD /send-big", is(200, "")},
	{"HEAD /send-cl", withFields(is(200, ""), "Content-Length", "5")},
	{"HEAD /abort-content", withFields(is(403, ""), "Content-Length", "11")},
	{"HEAD /raise", is(500, "")},
	{"HEAD /post", contract.Expect{Status: contract.Statuses{405}, Body: []byte{}, Present: []string{"Allow"}}},
	{"GET /headr", withFields(status(405), "Allow", "HEAD, OPTIONS")},
	{"GET /del", withFields(status(405), "Allow", "DELETE, OPTIONS")},
	{"POST /multi", withFields(status(405), "Allow", "GET, HEAD, OPTIONS, PUT")},
	{"TRACE /hello", contract.Expect{Status: contract.Statuses{405, 501}}},
	{"get /hello", status(405, 501)},
	{"POST /hello", contract.Expect{Status: contract.Statuses{405}, Present: []string{"Allow"}}},
	{"OPTIONS /multi", contract.Expect{Status: contract.Statuses{200, 204}, Present: []string{"Allow"}}},
}
