package http1_test

import (
	"io"
	"strings"
	"testing"

	"github.com/microroute/microroute/internal/http1"
	"github.com/microroute/microroute/message"
)

const (
	smallHead   = "GET /plaintext HTTP/1.1\r\nHost: localhost:8080\r\n\r\n"
	browserHead = "GET /articles/2026/how-to-read?page=2&sort=date HTTP/1.1\r\n" +
		"Host: www.example.org\r\n" +
		"Connection: keep-alive\r\n" +
		"sec-ch-ua: \"Chromium\";v=\"142\", \"Not_A Brand\";v=\"99\"\r\n" +
		"sec-ch-ua-mobile: ?0\r\n" +
		"sec-ch-ua-platform: \"Linux\"\r\n" +
		"Upgrade-Insecure-Requests: 1\r\n" +
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36\r\n" +
		"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8\r\n" +
		"Sec-Fetch-Site: same-origin\r\n" +
		"Sec-Fetch-Mode: navigate\r\n" +
		"Sec-Fetch-User: ?1\r\n" +
		"Sec-Fetch-Dest: document\r\n" +
		"Referer: https://www.example.org/articles/\r\n" +
		"Accept-Encoding: gzip, deflate, br, zstd\r\n" +
		"Accept-Language: de-DE,de;q=0.9,en;q=0.8\r\n" +
		"Cookie: session=5f2b8c1e9d7a4f3fb6; theme=dark; consent=1\r\n\r\n"
)

func BenchmarkParse(b *testing.B) {
	for _, bm := range []struct{ name, head string }{{"small", smallHead}, {"browser", browserHead}} {
		b.Run(bm.name, func(b *testing.B) {
			buf := []byte(bm.head)
			p := http1.Parser{Limits: http1.Limits{Target: 16 << 10, Head: 64 << 10, Fields: 200}}
			var h http1.Head
			b.SetBytes(int64(len(buf)))
			b.ReportAllocs()
			for b.Loop() {
				p.Reset()
				if n, err := p.Parse(buf, &h); n != len(buf) || err != nil {
					b.Fatal(n, err)
				}
			}
		})
	}
}

func BenchmarkChunkedDecoder(b *testing.B) {
	for _, bm := range []struct {
		name string
		src  []byte
	}{
		{"16 chunks of 16", []byte(strings.Repeat("10\r\n0123456789abcdef\r\n", 16) + http1.LastChunk)},
		{"4 chunks of 4 KiB", []byte(strings.Repeat("1000\r\n"+strings.Repeat("x", 4096)+"\r\n", 4) + http1.LastChunk)},
	} {
		b.Run(bm.name, func(b *testing.B) {
			dst := make([]byte, 32<<10)
			b.SetBytes(int64(len(bm.src)))
			b.ReportAllocs()
			for b.Loop() {
				var d http1.ChunkedDecoder
				if _, n, err := d.Decode(dst, bm.src); n != len(bm.src) || err != io.EOF {
					b.Fatal(n, err)
				}
			}
		})
	}
}

func BenchmarkAppendHead(b *testing.B) {
	var header message.Header
	header.Add("Server", "microroute")
	header.Add("Cache-Control", "no-cache")
	r := &message.Response{Status: 200, Reason: "OK", Header: &header, ContentType: "text/plain; charset=utf-8", ContentLength: 13}
	s := http1.Sender{Framing: http1.ByLength, Date: []byte("Sun, 06 Nov 1994 08:49:37 GMT")}
	buf := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		buf = http1.AppendHead(buf[:0], r, s)
	}
}
