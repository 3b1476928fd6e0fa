//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"syscall"

	"github.com/microroute/microroute/bench/internal/site"
)

// answer is what is sent for a request: octets, and after them the content of a file.
type answer struct {
	octets []byte
	file   int // a descriptor
	size   int // of the file
	blocks bool
}

// newAnswers returns the answers to all requests, by the request line without the protocol.
func newAnswers(files site.Files) (map[string]answer, error) {
	greeting, err := json.Marshal(site.Greeting)
	if err != nil {
		return nil, err
	}
	hello := canned("text/plain; charset=utf-8", site.Hello)
	answers := map[string]answer{
		"GET /plaintext":        {octets: hello},
		"GET /block":            {octets: hello, blocks: true},
		"GET /json":             {octets: canned("application/json", string(greeting))},
		"GET " + site.GoodsPath: {octets: canned("text/plain; charset=utf-8", site.GoodsAnswer)},
		"GET /stream":           {octets: streamed()},
	}
	for _, route := range site.GitHub() {
		answers[route.Method+" "+route.Path()] = answer{octets: canned("text/plain; charset=utf-8", route.Example())}
	}
	for _, name := range []string{"1k", "100k", "10m"} {
		fd, err := syscall.Open(files.Path(name), syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		if err != nil {
			return nil, err
		}
		answers["GET /file/"+name] = answer{
			octets: head("application/octet-stream", site.Sizes[name]), file: fd, size: site.Sizes[name],
		}
	}
	return answers, nil
}

func canned(mimeType, content string) []byte {
	return append(head(mimeType, len(content)), content...)
}

func head(mimeType string, length int) []byte {
	return fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nServer: limit\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"+
		"Content-Type: %s\r\nContent-Length: %d\r\n\r\n", mimeType, length)
}

// streamed returns the answer to /stream, which is not streamed here: one write is the least that it can cost.
func streamed() []byte {
	var b strings.Builder
	b.WriteString("HTTP/1.1 200 OK\r\nServer: limit\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n" +
		"Content-Type: text/plain; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n")
	for _, piece := range site.Pieces {
		fmt.Fprintf(&b, "%x\r\n%s\r\n", len(piece), piece)
	}
	b.WriteString("0\r\n\r\n")
	return []byte(b.String())
}
