//go:build linux

package main

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/microroute/microroute/bench/internal/site"
)

// answer is what is sent for a request: octets, after them the content of a file, and later other octets.
type answer struct {
	octets []byte
	file   int // a descriptor
	size   int // of the file
	later  [][]byte
	pause  time.Duration // before each of them
}

// echo is the request whose answer ends where the value of Content-Length begins. It and the content come from the request.
const echo = "POST /echo"

// newAnswers returns the answers to all requests, by the request line without the protocol.
func newAnswers(files site.Files) (map[string]answer, error) {
	answers := make(map[string]answer)
	for _, x := range site.Exchanges() {
		request := x.Method + " " + x.Path
		if name, found := strings.CutPrefix(request, "GET /file/"); found {
			a, err := newFile(x, files.Path(name))
			if err != nil {
				return nil, err
			}
			answers[request] = a
			continue
		}
		answers[request] = newAnswer(x)
	}
	return answers, nil
}

func newAnswer(x site.Exchange) answer {
	length := fmt.Sprintf("Content-Length: %d\r\n\r\n", len(x.Answer))
	switch x.Name {
	case "echo-1k", "echo-64k", "echo-10m":
		return answer{octets: head(x, "Content-Length: ")}
	case "stream": // in one write: that is the least that it can cost
		return answer{octets: slices.Concat(append([][]byte{head(x, chunked)}, chunks()...)...)}
	case "drip":
		return answer{octets: head(x, chunked), later: chunks(), pause: site.Drip}
	case "block":
		return answer{later: [][]byte{append(head(x, length), x.Answer...)}, pause: site.Blocking}
	}
	return answer{octets: append(head(x, length), x.Answer...)}
}

func newFile(x site.Exchange, path string) (answer, error) {
	fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	fields := fmt.Sprintf("Last-Modified: %s\r\nContent-Length: %d\r\n\r\n", now(), x.Size)
	return answer{octets: head(x, fields), file: fd, size: x.Size}, err
}

// head returns the head of the answer to x, with further fields at its end.
func head(x site.Exchange, fields string) []byte {
	parameters := ""
	if strings.HasPrefix(x.MIMEType, "text/") {
		parameters = "; charset=utf-8"
	}
	return fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Type: %s%s\r\n%s", now(), x.MIMEType, parameters, fields)
}

func now() string { return time.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") }

const chunked = "Transfer-Encoding: chunked\r\n\r\n"

// chunks returns site.Pieces in chunks, the last one with the end.
func chunks() (all [][]byte) {
	for _, piece := range site.Pieces {
		all = append(all, fmt.Appendf(nil, "%x\r\n%s\r\n", len(piece), piece))
	}
	all[len(all)-1] = append(all[len(all)-1], "0\r\n\r\n"...)
	return all
}
