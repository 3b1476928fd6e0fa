package site

import (
	"flag"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
)

// Main is the main function of a server: it listens on the address that the flag -addr gives, has serve answer the
// connections, and ends the process when it gets SIGINT or SIGTERM. The files are those in the directory that the flag
// -root gives, or made for serve.
func Main(serve func(l net.Listener, files Files) error) {
	addr := flag.String("addr", "127.0.0.1:8080", "`HOST:PORT` to listen on")
	root := flag.String("root", "", "`directory` of the files to serve")
	flag.Parse()
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, os.Interrupt, syscall.SIGTERM)
	TellMemory()
	files, remove, err := UseFiles(*root)
	if err != nil {
		log.Fatal(err)
	}
	failed := make(chan error, 1)
	go func() {
		l, err := net.Listen("tcp", *addr)
		if err == nil {
			err = serve(l, files)
		}
		failed <- err
	}()
	select {
	case <-ended:
	case err = <-failed:
	}
	remove()
	if err != nil {
		log.Fatal(err)
	}
}
