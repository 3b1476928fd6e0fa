// Package site is what every server of the benchmark serves: the routes, their answers, and the frame of a program
// that serves them. Servers differ only in how they route and send.
//
//	GET  /plaintext                                     Hello
//	GET  /json                                          Greeting as JSON
//	GET  /goods/<string:name>/<float:price>/<int:n>     Goods
//	POST /echo                                          the content of the request, up to MaxBody
//	GET  /file/1k, /file/100k, /file/10m                a file of that size
//	GET  /stream                                        Pieces, each flushed by the handler
//	GET  /drip                                          Pieces, with a pause of Drip before each
//	GET  /block                                         Hello, after Blocking
//	the 203 of GitHub                                   Route.Answer
//
// Texts are text/plain, what /echo answers is application/octet-stream and a file is text/html. Exchanges has a request and
// its answer for each.
package site

import (
	"strconv"
	"time"
)

const (
	// Hello is the answer to /plaintext and /block.
	Hello = "Hello, World!"
	// MaxBody is the largest content that /echo must take, in bytes.
	MaxBody = 16 << 20
	// Blocking is how long the handler of /block waits.
	Blocking = 50 * time.Millisecond
	// Drip is how long the handler of /drip waits before each piece. So none can be sent together with the next one, as
	// some servers do with those of /stream, whose handlers have the next piece at once.
	Drip = time.Millisecond
)

// Message is what /json answers. Servers encode it for every request.
type Message struct {
	Message string `json:"message"`
}

// Greeting is the Message of /json.
var Greeting = Message{Hello}

// Pieces is the answer to /stream.
var Pieces = pieces()

func pieces() (p [10]string) {
	for i := range p {
		p[i] = "piece " + strconv.Itoa(i) + " of ten, sent as soon as it is there, and not when all are\n"
	}
	return p
}

// Goods returns the answer to /goods: the name and the price of n of them.
func Goods(name string, price float64, n int) string {
	b := append(make([]byte, 0, 64), name...)
	b = append(b, ": "...)
	return string(strconv.AppendFloat(b, price*float64(n), 'f', 2, 64))
}

// ParseGoods is Goods for routers whose variables are strings.
func ParseGoods(name, price, n string) (string, error) {
	p, err := strconv.ParseFloat(price, 64)
	if err != nil {
		return "", err
	}
	count, err := strconv.Atoi(n)
	if err != nil {
		return "", err
	}
	return Goods(name, p, count), nil
}
