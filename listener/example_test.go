//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package listener_test

import (
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/listener"
)

// Two programs, or two versions of one, listen on the same port.
func ExampleTCP() {
	shared := listener.TCPConfig{ReusePort: true}
	first, err := listener.TCP("127.0.0.1:0", shared)
	if err != nil {
		log.Fatal(err)
	}
	defer first.Close()
	second, err := listener.TCP(first.Addr().String(), shared)
	if err != nil {
		log.Fatal(err)
	}
	defer second.Close()
	fmt.Println(second.Addr().String() == first.Addr().String())
	// Output: true
}

// A proxy on the same machine may connect, as a member of a group.
func ExampleUnix() {
	dir := exampleDir()
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "http")
	group := fmt.Sprint(os.Getgid()) // or by its name

	l, err := listener.Unix(path, listener.UnixConfig{Mode: 0o660, Group: group})
	if err != nil {
		log.Fatal(err)
	}
	info, err := os.Stat(path)
	fmt.Println(info.Mode(), err)

	_, err = listener.Unix(path, listener.UnixConfig{})
	fmt.Println(errors.Is(err, listener.ErrInUse))

	l.Close()
	_, err = os.Stat(path)
	fmt.Println(errors.Is(err, os.ErrNotExist))
	// Output:
	// Srw-rw---- <nil>
	// true
	// true
}

// A program is started with a socket as its descriptor 3, of whatever kind.
func ExampleFD() {
	app := microroute.New()
	l, err := listener.FD(3, "http")
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(app.RunOn(l))
}

// What is no socket is left alone.
func ExampleFD_other() {
	r, _, err := os.Pipe()
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	_, err = listener.FD(r.Fd(), "http")
	fmt.Println(errors.Is(err, listener.ErrNotListening))
	// Output: true
}

// One App answers on several listeners.
func Example() {
	dir := exampleDir()
	defer os.RemoveAll(dir)
	local, err := listener.Unix(filepath.Join(dir, "http"), listener.UnixConfig{})
	if err != nil {
		log.Fatal(err)
	}
	public, err := listener.TCP("127.0.0.1:0", listener.TCPConfig{Network: "tcp4"})
	if err != nil {
		log.Fatal(err)
	}
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string { return "tea" })
	server, err := app.StartOn(local, public)
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	for _, address := range server.Addrs() {
		fmt.Println(address.Network())
	}
	// Output:
	// unix
	// tcp
}

// exampleDir returns a new directory.
func exampleDir() string {
	dir, err := os.MkdirTemp("", "socket")
	if err != nil {
		log.Fatal(err)
	}
	return dir
}
