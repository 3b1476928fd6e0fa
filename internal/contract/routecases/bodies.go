package routecases

import (
	"encoding/json"
	"strings"

	"github.com/microroute/microroute/internal/contract"
)

// form posts content of a media type to /post, each octet in a chunk of its own.
func form(mediaType, content string) string {
	head := "POST /post HTTP/1.1\r\nHost: test\r\nContent-Type: " + mediaType + "\r\nTransfer-Encoding: chunked\r\n\r\n"
	var chunks strings.Builder
	for i := range len(content) {
		chunks.WriteString("1\r\n" + content[i:i+1] + "\r\n")
	}
	return head + chunks.String() + "0\r\n\r\n"
}

const (
	multipart = "multipart/form-data; boundary=B"
	part      = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx"
)

// bodyCases are about the content of requests, and about HTTP/1.0.
var bodyCases = []contract.Case{
	oneRequest("urlencoded", form("application/x-www-form-urlencoded", "a=1&b=x+y%21"),
		echoesForm(map[string]any{"a": "1", "b": "x y!"})),
	oneRequest("urlencoded, repeated", form("application/x-www-form-urlencoded", "a=1&a=2&&b&c="),
		echoesForm(map[string]any{"a": []any{"1", "2"}, "b": "", "c": ""})),
	oneRequest("urlencoded, not separated", form("application/x-www-form-urlencoded", "a=1;b=2&c=d=e"),
		echoesForm(map[string]any{"a": "1;b=2", "c": "d=e"})),
	oneRequest("urlencoded, malformed escapes", form("application/x-www-form-urlencoded", "a=%zz&b=%4"),
		echoesForm(map[string]any{"a": "%zz", "b": "%4"})),
	oneRequest("urlencoded, other case", form("APPLICATION/X-WWW-Form-URLencoded", "a=1"), echoesForm(map[string]any{"a": "1"})),
	oneRequest("urlencoded, nothing", form("application/x-www-form-urlencoded", ""), echoesForm(map[string]any{})),
	oneRequest("JSON of every kind", form("application/json", ` {"n":1.5,"t":true,"o":{"p":[1]},"s":"\u00e9"} `), echoesForm(map[string]any{
		"n": json.Number("1.5"), "t": true, "o": map[string]any{"p": []any{json.Number("1")}}, "s": "é"})),
	oneRequest("JSON that is no object", form("application/json", `[1,2]`), status(400)),
	oneRequest("JSON and more", form("application/json", `{"a":1}x`), status(400)),
	oneRequest("JSON", form("application/json", `{"a":"x"}`), echoesForm(map[string]any{"a": "x"})),
	oneRequest("JSON cut", form("application/json", `{"a":`), status(400)),
	oneRequest("text", form("text/plain", "hello"), contract.Expect{Echo: map[string]any{"form": nil, "data": "hello"}}),
	oneRequest("multipart", form(multipart, part+"\r\n--B--\r\n"), echoesForm(map[string]any{"a": "x"})),
	oneRequest("multipart, repeated", form(multipart, part+"\r\n"+part+"\r\n--B--\r\n"), echoesForm(map[string]any{"a": []any{"x", "x"}})),
	oneRequest("multipart, lines inside", form(multipart, part+"\r\n-B\r\n--B--\r\n"), echoesForm(map[string]any{"a": "x\r\n-B"})),
	oneRequest("multipart, text around", form(multipart, "before\r\n"+part+"\r\n--B--\r\nbehind"), echoesForm(map[string]any{"a": "x"})),
	oneRequest("multipart, quoted boundary", form(`multipart/form-data; boundary="B"`, part+"\r\n--B--\r\n"),
		echoesForm(map[string]any{"a": "x"})),
	oneRequest("multipart, a file is no value", form(multipart, strings.Replace(part, `"a"`, `"a"; filename="a.txt"`, 1)+"\r\n--B--\r\n"),
		echoesForm(map[string]any{})),
	oneRequest("multipart cut", form(multipart, part), status(400)),
	oneRequest("multipart without boundary", form("multipart/form-data", "--B--\r\n"), status(400)),
	oneRequest("too large", "POST /post HTTP/1.1\r\nHost: test\r\nContent-Length: 99999999\r\n\r\n", status(413)),
	oneRequest("bad length", "POST /post HTTP/1.1\r\nHost: test\r\nContent-Length: x\r\n\r\n", aborted(400, "")),
	oneRequest("PUT", "PUT /put HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=1",
		echoesForm(map[string]any{"a": "1"})),
	oneRequest("GET", "GET /args?q=1 HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=1",
		echoesForm(map[string]any{"a": "1"})),
	oneRequest("by hand, in chunks", "POST /post-manual HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n",
		is(200, "got:a=1")),
	oneRequest("by hand, nothing", "POST /post-manual HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n", is(200, "got:")),
	oneRequest("unread", "POST /post-manual0 HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello", status(200)),
	oneRequest("HTTP/1.0", "GET /hello HTTP/1.0\r\n\r\n", aborted(200, "<h1>Hello</h1>")),
	oneRequest("HTTP/1.0 stream", "GET /stream HTTP/1.0\r\n\r\n",
		contract.Expect{Body: []byte("chunk0\nchunk1\nchunk2\nchunk3\n"), Absent: []string{"Transfer-Encoding"}, Closed: true}),
	oneRequest("HTTP/1.0 kept", "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
		withFields(is(200, "<h1>Hello</h1>"), "Connection", "keep-alive")),
}
