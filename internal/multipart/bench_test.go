package multipart_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	standard "mime/multipart"
	"testing"

	"github.com/microroute/microroute/internal/multipart"
)

// BenchmarkReader reads forms as a browser sends them: a large file of random octets, a large text, and many small fields;
// with the standard library beside it.
func BenchmarkReader(b *testing.B) {
	for _, form := range []struct {
		name    string
		parts   int
		content []byte
	}{
		{"file", 1, random(16 << 20)},
		{"text", 1, bytes.Repeat([]byte("A line of text that ends as lines do in text.\r\n"), 300_000)},
		{"fields", 500, []byte("value")},
	} {
		data := formOf(form.parts, form.content)
		source := bytes.NewReader(data)
		room := make([]byte, 32<<10)
		b.Run(form.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				source.Reset(data)
				reader, err := multipart.NewReader(source, benchBoundary, 1000)
				if err != nil {
					b.Fatal(err)
				}
				for range form.parts {
					p, err := reader.Next()
					drain(b, p, err, room)
				}
			}
		})
		b.Run(form.name+", mime/multipart", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				source.Reset(data)
				reader := standard.NewReader(source, benchBoundary)
				for range form.parts {
					p, err := reader.NextPart()
					if err == nil && p.FormName() == "" {
						b.Fatal("no name")
					}
					drain(b, p, err, room)
				}
			}
		})
	}
}

const benchBoundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW"

func formOf(parts int, content []byte) []byte {
	var b bytes.Buffer
	for i := range parts {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"field%d\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n%s\r\n",
			benchBoundary, i, content)
	}
	fmt.Fprintf(&b, "--%s--\r\n", benchBoundary)
	return b.Bytes()
}

// random returns octets that look like those of an image or an archive.
func random(size int) []byte {
	b := make([]byte, 0, size+sha256.Size)
	for sum := sha256.Sum256(nil); len(b) < size; sum = sha256.Sum256(sum[:]) {
		b = append(b, sum[:]...)
	}
	return b[:size]
}

func drain(b *testing.B, part io.Reader, err error, room []byte) {
	for err == nil {
		_, err = part.Read(room)
	}
	if err != io.EOF {
		b.Fatal(err)
	}
}
