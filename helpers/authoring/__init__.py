"""For instructors: from one solved notebook in source/ to release/, solutions/ and the students' bundle."""
