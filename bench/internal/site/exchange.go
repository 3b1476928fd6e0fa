package site

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Exchange is a request that the loads send, and the answer that all servers give to it.
type Exchange struct {
	Name         string // plaintext, echo-1k; all routes of the GitHub API share one
	Method, Path string
	MIMEType     string // of the answer, without parameters
	Answer       string // its content, unless Size is set
	Size         int    // Content of this size is answered, and sent as well if the method is POST
	Streamed     bool   // the answer is chunked; all others have a Content-Length
}

// Exchanges returns all exchanges, those that move much content last.
func Exchanges() []Exchange {
	greeting, _ := json.Marshal(Greeting) // a struct of one string cannot fail
	all := []Exchange{
		{Name: "plaintext", Method: "GET", Path: "/plaintext", MIMEType: "text/plain", Answer: Hello},
		{Name: "goods", Method: "GET", Path: "/goods/tea/2.50/4", MIMEType: "text/plain", Answer: "tea: 10.00"},
		{Name: "json", Method: "GET", Path: "/json", MIMEType: "application/json", Answer: string(greeting)},
	}
	for _, route := range GitHub() {
		all = append(all, Exchange{
			Name: "github", Method: route.Method, Path: route.Path(), MIMEType: "text/plain", Answer: route.Example(),
		})
	}
	all = append(all,
		Exchange{Name: "stream", Method: "GET", Path: "/stream", MIMEType: "text/plain",
			Answer: strings.Join(Pieces[:], ""), Streamed: true},
		Exchange{Name: "drip", Method: "GET", Path: "/drip", MIMEType: "text/plain",
			Answer: strings.Join(Pieces[:], ""), Streamed: true},
		Exchange{Name: "block", Method: "GET", Path: "/block", MIMEType: "text/plain", Answer: Hello},
	)
	echo := Exchange{Name: "echo-", Method: "POST", Path: "/echo", MIMEType: "application/octet-stream"}
	file := Exchange{Name: "file-", Method: "GET", Path: "/file/", MIMEType: "text/html"}
	return append(all, echo.sized("1k", ""), file.sized("1k", "1k"), echo.sized("64k", ""), file.sized("100k", "100k"),
		echo.sized("10m", ""), file.sized("10m", "10m"))
}

// sized returns x with content of a size, its name and an end of its path.
func (x Exchange) sized(size, path string) Exchange {
	x.Name, x.Path, x.Size = x.Name+size, x.Path+path, Sizes[size]
	return x
}

// Request returns the request as it is sent.
func (x Exchange) Request() []byte {
	b := fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n", x.Method, x.Path)
	var content []byte
	if x.Method == "POST" || x.Method == "PUT" {
		content = Content(x.Size)
		b = fmt.Appendf(b, "Content-Length: %d\r\n", len(content))
	}
	return append(append(b, "\r\n"...), content...)
}

// Expected returns the content of the answer.
func (x Exchange) Expected() []byte {
	if x.Size > 0 {
		return Content(x.Size)
	}
	return []byte(x.Answer)
}
