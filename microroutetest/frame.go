package microroutetest

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// opcode says what a frame is (RFC 6455 section 11.8).
type opcode byte

const (
	opContinuation opcode = 0
	opText         opcode = 1
	opBinary       opcode = 2
	opClose        opcode = 8
	opPing         opcode = 9
	opPong         opcode = 10
)

// String returns the RFC's word for it.
func (o opcode) String() string {
	switch o {
	case opContinuation:
		return "continuation"
	case opText:
		return "text"
	case opBinary:
		return "binary"
	case opClose:
		return "Close"
	case opPing:
		return "Ping"
	case opPong:
		return "Pong"
	}
	return fmt.Sprintf("opcode %d", byte(o))
}

func (o opcode) isControl() bool { return o >= opClose }

func (o opcode) isKnown() bool { return o <= opBinary || o >= opClose && o <= opPong }

// frame is a part of a message, or a word about the connection (RFC 6455 section 5.2).
type frame struct {
	final  bool
	opcode opcode
	data   []byte
}

const (
	finalBit     = 0x80
	reservedBits = 0x70
	maskBit      = 0x80
	maxControl   = 125
	maxData      = 64 << 20 // what a server may send at once before it is taken for a mistake
)

// writeFrame sends a frame in the way of clients, with a mask.
func writeFrame(w io.Writer, f frame) error {
	first := byte(f.opcode)
	if f.final {
		first |= finalBit
	}
	octets := []byte{first}
	switch n := len(f.data); {
	case n <= maxControl:
		octets = append(octets, maskBit|byte(n))
	case n <= 0xffff:
		octets = binary.BigEndian.AppendUint16(append(octets, maskBit|126), uint16(n))
	default:
		octets = binary.BigEndian.AppendUint64(append(octets, maskBit|127), uint64(n))
	}
	var key [4]byte
	rand.Read(key[:])
	octets = append(octets, key[:]...)
	for i, octet := range f.data {
		octets = append(octets, octet^key[i%4])
	}
	_, err := w.Write(octets)
	return err
}

// readFrame reads a frame in the way of clients: it complains of everything that a server must not send.
func readFrame(r io.Reader) (frame, error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return frame{}, err
	}
	f := frame{final: head[0]&finalBit != 0, opcode: opcode(head[0] & 0x0f)}
	length := uint64(head[1] &^ maskBit)
	switch {
	case head[0]&reservedBits != 0:
		return f, errors.New("a frame with a reserved bit, but no extension (RFC 6455 section 5.2)")
	case !f.opcode.isKnown():
		return f, fmt.Errorf("a frame with %v, of which nothing is known (RFC 6455 section 5.2)", f.opcode)
	case head[1]&maskBit != 0:
		return f, errors.New("a masked frame (RFC 6455 section 5.1)")
	case f.opcode.isControl() && !f.final:
		return f, fmt.Errorf("a fragment of a %v (RFC 6455 section 5.5)", f.opcode)
	case f.opcode.isControl() && length > maxControl:
		return f, fmt.Errorf("a %v with more than 125 octets (RFC 6455 section 5.5)", f.opcode)
	}
	length, err := readLength(r, length)
	if err != nil {
		return f, unexpected(err)
	}
	f.data = make([]byte, length)
	_, err = io.ReadFull(r, f.data)
	return f, unexpected(err)
}

// readLength reads the longer forms of a length, if short stands for them. Only the shortest that is possible is allowed.
func readLength(r io.Reader, short uint64) (uint64, error) {
	var octets [8]byte
	size, least := 0, uint64(0)
	switch short {
	case 126:
		size, least = 2, 126
	case 127:
		size, least = 8, 1<<16
	default:
		return short, nil
	}
	if _, err := io.ReadFull(r, octets[8-size:]); err != nil {
		return 0, err
	}
	length := binary.BigEndian.Uint64(octets[:])
	switch {
	case length < least:
		return 0, fmt.Errorf("%d octets whose length takes more octets than it needs (RFC 6455 section 5.2)", length)
	case length > maxData:
		return 0, fmt.Errorf("a frame of %d octets, more than %d", length, maxData)
	}
	return length, nil
}

// unexpected makes of an end that it comes too early.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
